import { accessSync, constants } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import type { Situation } from "./next-step.ts";

/** The PATH of this process with the directories of daemons, which an ordinary user's PATH leaves out. */
export const daemonPath = (): string =>
  [process.env.PATH ?? "", "/usr/local/sbin", "/usr/sbin", "/sbin"].join(delimiter);

/** The path of a program, looked for where daemons are kept as well; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  return daemonPath()
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** How Docker's own socket answers to a connection. */
export function lookAtSocket(path = "/var/run/docker.sock"): Promise<Situation["socket"]> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve("silent"); // somebody listens, and `docker version` had no answer: it may be starting
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      resolve(code === "EACCES" ? "denied" : code === "ENOENT" ? "absent" : "silent");
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
