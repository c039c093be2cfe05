import { AsyncLocalStorage } from "node:async_hooks";
import { execa } from "execa";
import { EnvironmentError, oneLine } from "../support/errors.ts";

/** A container engine whose command line answers: docker, or podman where there is no docker. */
export interface Engine {
  command: "docker" | "podman";
  /** The server's version. */
  version: string;
}

/** kind's own variable: it and we must use the same engine. */
const KIND_ENGINE = "KIND_EXPERIMENTAL_PROVIDER";

/** What decides which engine a command line speaks to. */
const ENDPOINT = [
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_CERT_PATH",
  "DOCKER_TLS_VERIFY",
  "CONTAINER_HOST",
  "CONTAINER_CONNECTION",
  "XDG_RUNTIME_DIR",
];

/** One engine at one endpoint, for other processes: theirs may be another one. */
export interface EnginePin {
  command: Engine["command"];
  /** The variables that name its endpoint. */
  env: Record<string, string>;
}

const pinned = new AsyncLocalStorage<EnginePin>();

/** The engine that this process uses; undefined where none answers. */
export async function pinEngine(): Promise<EnginePin | undefined> {
  const found = await findEngine();
  if (!found) return undefined;
  const env: Record<string, string> = {};
  for (const name of ENDPOINT) if (process.env[name]) env[name] = process.env[name];
  if (found.command === "docker" && !env.DOCKER_HOST && !env.DOCKER_CONTEXT) {
    const { exitCode, stdout } = await engine(["context", "show"], { reject: false });
    if (exitCode === 0 && stdout.trim()) env.DOCKER_CONTEXT = stdout.trim();
  }
  return { command: found.command, env };
}

/** Does some work with the engine of a pin and no other, also where it is slow and another one answers. */
export function withEngine<T>(pin: EnginePin | undefined, work: () => Promise<T>): Promise<T> {
  return pin ? pinned.run(pin, work) : work();
}

let found: Promise<Engine | undefined> | undefined;
let known: Engine | undefined;

/** The engine that answers on this machine, or undefined. Once one has answered, none is asked again in this process. */
export async function findEngine(): Promise<Engine | undefined> {
  const pin = pinned.getStore();
  if (pin) return { command: pin.command, version: "" }; // a pin is not a question
  found ??= lookForEngine();
  const engine = await found;
  if (!engine) found = undefined;
  return engine;
}

/** The engine that answers; an EnvironmentError that says how to get one where none does. */
export async function requireEngine(): Promise<Engine> {
  const engine = await findEngine();
  if (engine) return engine;
  throw new EnvironmentError("No container engine answers.", {
    expected: "`docker version` or `podman version` to answer with a server's version",
    found: "neither does",
    remedy: "start Docker or podman, or let `npm start` set one up",
  });
}

/** The engine's command, for callers that stream: docker, unless podman is what answered before. */
export function engineCommand(): Engine["command"] {
  return known?.command ?? "docker";
}

export interface EngineOptions {
  /** Text for the command's stdin, which is closed otherwise. */
  input?: string;
  /** Ends the command after so many milliseconds; its exit code is undefined then. */
  timeout?: number;
  /** false: a failure is a result, not an error. */
  reject?: boolean;
}

export interface EngineResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/** Runs the engine's command line (`engine(["ps", "-a"])`) to its end; a failure is an execa error with its stderr. */
export async function engine(args: string[], options: EngineOptions = {}): Promise<EngineResult> {
  const { command } = await requireEngine();
  const { input, ...rest } = options;
  const stdin = input === undefined ? { stdin: "ignore" as const } : { input };
  const { exitCode, stdout, stderr } = await execa(command, args, {
    ...rest,
    ...stdin,
    ...environment(pinned.getStore()),
    stripFinalNewline: false,
  });
  return { exitCode, stdout, stderr };
}

/** Ours with the endpoint of the pin: a variable that the pin has not would lead elsewhere. */
function environment(pin: EnginePin | undefined): { env?: NodeJS.ProcessEnv; extendEnv?: boolean } {
  if (!pin) return {};
  const rest = Object.entries(process.env).filter(([name]) => !ENDPOINT.includes(name));
  return { env: { ...Object.fromEntries(rest), ...pin.env }, extendEnv: false };
}

async function lookForEngine(): Promise<Engine | undefined> {
  const commands =
    process.env[KIND_ENGINE] === "podman" ? (["podman"] as const) : (["docker", "podman"] as const);
  for (const command of commands) {
    const answer = await execa(command, ["version", "--format", "{{.Server.Version}}"], {
      reject: false,
      timeout: 10_000,
      stdin: "ignore",
    });
    const version = answer.exitCode === 0 ? oneLine(answer.stdout) : "";
    if (version && version !== "<nil>") {
      known = { command, version };
      // kind takes docker wherever its command line is, even without a daemon (kind, docker.IsAvailable).
      if (command === "podman") process.env[KIND_ENGINE] = "podman";
      return known;
    }
  }
  return undefined;
}
