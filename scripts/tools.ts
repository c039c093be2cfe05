import { aptInstall } from "../harness/cli/engine/apt.ts";
import { findProgram } from "../harness/cli/engine/find.ts";
import { whyNotInstall } from "../harness/cli/engine/next-step.ts";
import { DEFAULT_KUBERNETES } from "../harness/config/version.ts";
import { readMachine } from "../harness/engine/machine.ts";
import { findImage } from "../harness/image/index.ts";
import { EnvironmentError } from "../harness/support/errors.ts";
import { silent } from "../harness/support/progress.ts";
import { say } from "./say.ts";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

/** Sees to what only building a node image needs, and Debian has, where no image is there or can be pulled. */
export async function prepareImageTools(): Promise<void> {
  const image = await findImage(DEFAULT_KUBERNETES, silent);
  if (image) return say("found", `node image ${image.reference} (${image.origin})`);
  if (findProgram("debootstrap")) return;
  const refusal = mayNotInstall();
  if (refusal) {
    throw new EnvironmentError("A node image has to be built, and debootstrap is missing.", {
      found: `set-up may not install it: ${refusal}`,
      remedy: "sudo apt-get install --no-install-recommends debootstrap",
    });
  }
  say("install", "debootstrap with apt: a node image has to be built, and no registry has one");
  await aptInstall("debootstrap");
}

/** Sees to a browser for the tests of the report's page; where none may be installed, those tests say that they skip. */
export async function prepareBrowser(): Promise<void> {
  if (process.env.CHROMIUM_PATH || BROWSERS.some((name) => findProgram(name))) return;
  const refusal = mayNotInstall();
  if (refusal)
    return say("found", `no Chromium here, and none may be installed (${refusal}): the page is not tested`);
  say("install", "chromium with apt: the report's page is tested in a real browser");
  await aptInstall("chromium");
}

function mayNotInstall(): string | undefined {
  return whyNotInstall(readMachine(), process.env.PLANEPROOF_NO_INSTALL !== "1");
}
