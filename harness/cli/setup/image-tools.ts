import { DEFAULT_KUBERNETES } from "../../config/version.ts";
import { findImage } from "../../image/index.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { silent } from "../../support/progress.ts";
import { aptInstall } from "./apt.ts";
import { whyNotInstallHere } from "./may-install.ts";
import { findProgram } from "./programs.ts";
import { say } from "./say.ts";

/** Installs what building a node image takes, where no image is here and none can be pulled. */
export async function prepareImageTools(): Promise<void> {
  const image = await findImage(DEFAULT_KUBERNETES, silent);
  if (image) return say("found", `node image ${image.reference} (${image.origin})`);
  if (findProgram("debootstrap")) return;
  const refusal = whyNotInstallHere();
  if (refusal) {
    throw new EnvironmentError("A node image has to be built, and debootstrap is missing.", {
      found: `set-up may not install it: ${refusal}`,
      remedy: "sudo apt-get install --no-install-recommends debootstrap",
    });
  }
  say("install", "debootstrap with apt: a node image has to be built, and no registry has one");
  await aptInstall("debootstrap");
}
