import { readMachine } from "../harness/engine/machine.ts";
import { EnvironmentError } from "../harness/errors.ts";
import { aptInstall } from "./engine/apt.ts";
import { findProgram } from "./engine/find.ts";
import { whyNotInstall } from "./engine/next-step.ts";
import { say } from "./say.ts";

/** Sees to what only building a node image needs, and Debian has: call it where no image is there or can be pulled. */
export async function prepareImageTools(): Promise<void> {
  if (findProgram("debootstrap")) return;
  const refusal = whyNotInstall(readMachine(), process.env.PLANEPROOF_NO_INSTALL !== "1");
  if (refusal) {
    throw new EnvironmentError("A node image has to be built, and debootstrap is missing.", {
      found: `set-up may not install it: ${refusal}`,
      remedy: "sudo apt-get install --no-install-recommends debootstrap",
    });
  }
  say("install", "debootstrap with apt: a node image has to be built, and no registry has one");
  await aptInstall("debootstrap");
}
