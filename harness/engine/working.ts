import { EnvironmentError, oneLine } from "../support/errors.ts";
import { dataRoot } from "./data-root.ts";
import { engine, requireEngine } from "./engine.ts";

/** With less than this a node cannot write any more: etcd takes its log in pieces of 64 MB (wal.go, SegmentSizeBytes). */
const FULL_BYTES = 64 * 2 ** 20;

/**
 * An EnvironmentError where the engine has died or its disk is full: an inconclusive claim then says nothing about the
 * cluster.
 */
export async function requireWorkingEngine(): Promise<void> {
  await engine(["version"]).catch((cause: unknown) => {
    throw new EnvironmentError("The container engine died in the middle of the run.", {
      found: oneLine(cause),
      remedy: "start it again (`npm run setup` does where it may), then `planeproof prune`",
      cause,
    });
  });
  const root = await dataRoot(await requireEngine());
  if (!root || root.freeBytes >= FULL_BYTES) return;
  throw new EnvironmentError("The container engine's disk is full.", {
    where: root.path,
    found: `${Math.round(root.freeBytes / 2 ** 20)} MB free`,
    expected: "room for what the nodes write",
    remedy: "make room there, and run again",
  });
}
