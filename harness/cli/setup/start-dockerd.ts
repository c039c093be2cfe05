import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineDirectory, pidFileArgument } from "../../engine/dockerd.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { daemonPath, findProgram } from "./programs.ts";
import { runcShim } from "./runc-shim.ts";
import { engineAnswers } from "./wait-for-engine.ts";

/**
 * Starts a dockerd that outlives us and waits until it answers.
 *
 * @param missing capabilities that containers cannot have here: with any, runc runs behind a wrapper
 */
export async function startDockerd(missing: string[]): Promise<void> {
  // The containerd of a dockerd that was killed may still be ending: the next dockerd waits for it and gives up.
  if ((await tryDockerd(missing)) === "ended" && (await tryDockerd(missing)) === "ended")
    throw silent("dockerd ended at once.");
}

async function tryDockerd(missing: string[]): Promise<"answers" | "ended"> {
  rmSync(join(engineDirectory(), "dockerd.pid"), { force: true }); // of one that died: its number may be in use again
  const output = openSync(logFile(), "w");
  // A session and files of its own: with a pipe of ours it would die with us, or keep `npm test | tee` from ending.
  const daemon = spawn(
    findProgram("dockerd") ?? "dockerd",
    [pidFileArgument(), ...runtimeArguments(missing)],
    {
      detached: true,
      cwd: "/",
      env: { ...process.env, PATH: daemonPath() },
      stdio: ["ignore", output, output],
    },
  );
  closeSync(output);
  daemon.unref();
  let ended = false;
  daemon.once("close", () => {
    ended = true;
  });
  if (await engineAnswers(() => ended)) return "answers";
  if (ended) return "ended";
  throw silent("dockerd does not answer after a minute.");
}

const logFile = () => join(engineDirectory(), "dockerd.log");

function silent(sentence: string): EnvironmentError {
  return new EnvironmentError(sentence, {
    where: logFile(),
    found: readFileSync(logFile(), "utf8").trim().split("\n").slice(-5).join("\n"),
  });
}

function runtimeArguments(missing: string[]): string[] {
  if (missing.length === 0) return [];
  const shim = join(engineDirectory(), "runc-shim");
  writeFileSync(shim, runcShim(missing, findProgram("runc") ?? "/usr/sbin/runc"), { mode: 0o755 });
  return ["--add-runtime", `planeproof=${shim}`, "--default-runtime", "planeproof"];
}
