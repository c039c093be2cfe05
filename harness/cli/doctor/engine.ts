import { type DataRoot, dataRoot } from "../../engine/data-root.ts";
import { type Dockerd, runningDockerds } from "../../engine/dockerd.ts";
import { type Engine, findEngine } from "../../engine/engine.ts";
import type { Finding } from "./finding.ts";
import { gib } from "./machine.ts";

const ENOUGH_DISK = 10 * 1024 ** 3;

/** Asks the engine that answers, if one does. */
export async function inspectEngine(): Promise<Finding[]> {
  const engine = await findEngine();
  const root = engine && (await dataRoot(engine));
  return engineFindings(engine, runningDockerds(), root);
}

/** What the engine's state means: who started it decides who may stop it. */
export function engineFindings(engine: Engine | undefined, daemons: Dockerd[], root?: DataRoot): Finding[] {
  if (!engine) return [{ what: "engine", found: "none answers", means: silence(daemons) }];
  const own = engine.command === "docker" ? daemons.find(({ ours }) => ours) : undefined;
  const means = own
    ? `planeproof started it (process ${own.pid}); \`npm run engine:stop\` ends it`
    : "not started by planeproof, which leaves it alone";
  return [{ what: "engine", found: `${engine.command} ${engine.version}, running`, means }, disk(root)];
}

function silence([daemon]: Dockerd[]): string {
  if (daemon) return `dockerd runs (process ${daemon.pid}) and does not answer: look in its log`;
  return "no kind cluster can boot; `npm run setup` starts an engine, or says what is missing";
}

function disk(root: DataRoot | undefined): Finding {
  if (!root) return { what: "disk", found: "not on this machine", means: "" };
  const means = root.freeBytes < ENOUGH_DISK ? "building a node image and booting from it may fill it" : "";
  return { what: "disk", found: `${gib(root.freeBytes)} free in ${root.path}`, means };
}
