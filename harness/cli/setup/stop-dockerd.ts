import { join } from "node:path";
import { engineDirectory, runningDockerds } from "../../engine/dockerd.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { until } from "../../support/until.ts";
import { exclusively } from "./exclusively.ts";
import { say } from "./say.ts";

/** dockerd gives its containers 15 s, then ends. */
const PATIENCE_MS = 60_000;

/** Stops the dockerd that planeproof started, with the containers in it, and waits until it is gone. Never another one. */
export function stopOwnDockerd(): Promise<void> {
  return exclusively(async () => {
    const running = runningDockerds();
    const own = running.find(({ ours }) => ours);
    if (!own) {
      const others = running.map(({ pid }) => pid).join(", ");
      say(
        "found",
        `no dockerd that planeproof started${others && ` (process ${others} is another one)`}: nothing to stop`,
      );
      return;
    }
    const started = performance.now();
    process.kill(own.pid, "SIGTERM");
    await untilGone(own.pid);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say("stop", `dockerd (process ${own.pid}) ended after ${seconds} s`);
  });
}

async function untilGone(pid: number): Promise<void> {
  const gone = async () => !runningDockerds().some((daemon) => daemon.pid === pid);
  try {
    await until(`dockerd (process ${pid}) to end`, gone, { timeoutMs: PATIENCE_MS });
  } catch (cause) {
    throw new EnvironmentError(`dockerd (process ${pid}) still runs a minute after SIGTERM.`, {
      where: join(engineDirectory(), "dockerd.log"),
      remedy: "look in its log for the container that holds it, or kill it",
      cause,
    });
  }
}
