import { join } from "node:path";
import { execa } from "execa";
import { engineDirectory, runningDockerds } from "../../engine/dockerd.ts";
import { findEngine } from "../../engine/engine.ts";
import { type Machine, readMachine } from "../../engine/machine.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { aptInstall } from "./apt.ts";
import { exclusively } from "./exclusively.ts";
import { mayInstall } from "./may-install.ts";
import { nextStep, type Situation, type Step } from "./next-step.ts";
import { findProgram, lookAtSocket } from "./programs.ts";
import { say } from "./say.ts";
import { startDockerd } from "./start-dockerd.ts";
import { engineAnswers } from "./wait-for-engine.ts";

/** Install the daemon, install its command line, start it. */
const MOST_STEPS = 3;

/** Starts a container engine, and installs one first where none is. Where one answers, nothing is touched. */
export async function prepareEngine(): Promise<void> {
  if (await sayFound()) return;
  await exclusively(async () => {
    if (await sayFound()) return; // another set-up has just started it
    const machine = readMachine();
    const { os, root, init } = machine;
    say(
      "found",
      `${os.name}, ${root ? "root" : "not root"}, process 1 is ${init}, no container engine that answers`,
    );
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      await take(nextStep(await look(machine)), machine);
      if (await sayFound()) return;
    }
    throw new EnvironmentError("Docker was set up, and `docker version` still does not answer.", {
      where: join(engineDirectory(), "dockerd.log"),
      remedy: "`planeproof doctor` shows what this machine lacks",
    });
  });
}

async function sayFound(): Promise<boolean> {
  const engine = await findEngine();
  if (engine) say("found", `${engine.command} ${engine.version} (running)`);
  return engine !== undefined;
}

async function look(machine: Machine): Promise<Situation> {
  return {
    machine,
    mayInstall: mayInstall(),
    dockerHost: process.env.DOCKER_HOST || undefined,
    podmanOnly: process.env.KIND_EXPERIMENTAL_PROVIDER === "podman",
    socket: await lookAtSocket(),
    installed: { dockerd: findProgram("dockerd") !== undefined, docker: findProgram("docker") !== undefined },
    running: runningDockerds().map(({ pid }) => pid),
  };
}

async function take(step: Step, machine: Machine): Promise<void> {
  if (step.do === "wait") return waitFor(step.pid);
  if (step.do === "install") {
    say("install", `${step.package} with apt: no container engine answers, and ${step.why}`);
    return aptInstall(step.package);
  }
  if (step.by === "systemd") return startWithSystemd(step.why);
  const missing = machine.missingCapabilities;
  const without =
    missing.length > 0 ? `; runc behind a wrapper, as this machine lacks ${missing.join(", ")}` : "";
  say("start", `dockerd: ${step.why}${without}`);
  return startDockerd(missing);
}

async function waitFor(pid: number): Promise<void> {
  say("wait", `dockerd (process ${pid}) runs and does not answer yet`);
  if (await engineAnswers()) return;
  throw new EnvironmentError(`dockerd (process ${pid}) runs, and does not answer after a minute.`, {
    remedy: "look in its log; if planeproof started it, `npm run engine:stop` ends it",
  });
}

async function startWithSystemd(why: string): Promise<void> {
  say("start", `docker with systemctl: ${why}`);
  const { exitCode, stderr } = await execa("systemctl", ["start", "docker"], { reject: false });
  if (exitCode === 0 && (await engineAnswers())) return;
  throw new EnvironmentError("systemd could not start docker.", {
    found: stderr,
    remedy: "journalctl -u docker",
  });
}
