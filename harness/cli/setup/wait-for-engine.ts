import { findEngine } from "../../engine/engine.ts";
import { until } from "../../support/until.ts";

/** dockerd takes seconds to start, and a minute where it has many containers to look through. */
const TIMEOUT_MS = 60_000;

/** Waits until a container engine answers; ends early where `hopeless` says that none will. Tells whether one answers. */
export async function engineAnswers(hopeless: () => boolean = () => false): Promise<boolean> {
  const ask = async () => ((await findEngine()) ? "yes" : hopeless() && "no");
  const answer = await until("a container engine to answer", ask, {
    timeoutMs: TIMEOUT_MS,
    everyMs: 250,
  }).catch(() => "no");
  return answer === "yes";
}
