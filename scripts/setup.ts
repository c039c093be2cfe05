import { prepareEngine } from "../harness/cli/engine/prepare.ts";
import { entry } from "./entry.ts";
import { prepareBrowser, prepareImageTools } from "./tools.ts";

await entry(async () => {
  await prepareEngine();
  await prepareImageTools();
  if (process.argv.includes("--for-tests")) await prepareBrowser();
});
