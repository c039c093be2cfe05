import { aptInstall } from "../harness/cli/setup/apt.ts";
import { whyNotInstallHere } from "../harness/cli/setup/may-install.ts";
import { findProgram } from "../harness/cli/setup/programs.ts";
import { say } from "../harness/cli/setup/say.ts";
import { runScript } from "./run-script.ts";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

// Installs a browser for the tests of the report's page. Where none may be installed, those tests are skipped and say so.
await runScript(async () => {
  if (process.env.CHROMIUM_PATH || BROWSERS.some((name) => findProgram(name))) return;
  const refusal = whyNotInstallHere();
  if (refusal)
    return say("found", `no Chromium, and set-up may not install it (${refusal}): the page is not tested`);
  say("install", "chromium with apt: the report's page is tested in a real browser");
  await aptInstall("chromium");
});
