import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { endOnSignals, holding } from "../harness/cli/interrupt.ts";
import { oneLine } from "../harness/support/errors.ts";
import { temporaryDirectory } from "../harness/support/temporary.ts";
import { ACCIDENTS, type Accident, ENGINE_ACCIDENTS } from "./accidents.ts";
import { runScript } from "./run-script.ts";
import { WatchedRun } from "./watched-run.ts";

/**
 * Lets accidents happen to runs of `verify`, at moments that are spread over boot, claims and teardown, and looks what each
 * leaves behind: `npm run chaos -- 20`. It looks at its own runs only, and removes nothing. With `--engine` the engine is
 * paused and restarted, too: not where others use it.
 */
const GRACE_MS = 30_000;

endOnSignals();
await runScript(async () => {
  const { values, positionals } = parseArgs({
    options: {
      engine: { type: "boolean", default: false },
      seconds: { type: "string", default: "50" }, // about as long as a whole run takes
    },
    allowPositionals: true,
  });
  const moments = Math.min(Number(positionals[0] ?? 20), 1_000);
  const accidents = values.engine ? [...ACCIDENTS, ...ENGINE_ACCIDENTS] : ACCIDENTS;
  const counts = { clean: 0, dirty: 0, impossible: 0 };
  for (let moment = 0; moment < moments; moment++) {
    const accident = accidents[moment % accidents.length] as Accident;
    const spread = (moment + Math.random()) / moments;
    const afterMs = Math.round(
      accident.atOnce ? Math.random() * 1_000 : spread * Number(values.seconds) * 1_000,
    );
    const { outcome, says } = await holding(await temporaryDirectory(), ({ path }) =>
      one(accident, path, afterMs),
    );
    counts[outcome]++;
    console.log(`${moment + 1}/${moments}  ${accident.name} after ${(afterMs / 1000).toFixed(1)} s: ${says}`);
  }
  console.log(
    `${counts.clean} of ${moments} left nothing behind, ${counts.dirty} did, ${counts.impossible} cannot happen on this machine`,
  );
  process.exitCode = counts.dirty > 0 ? 1 : 0;
});

interface Outcome {
  outcome: "clean" | "dirty" | "impossible";
  says: string;
}

/** Starts a run, lets the accident happen after some milliseconds, and waits until nothing of it is left. */
async function one(accident: Accident, directory: string, afterMs: number): Promise<Outcome> {
  let env = {};
  try {
    env = (await accident.prepare?.(directory, afterMs)) ?? {};
  } catch (error) {
    return { outcome: "impossible", says: `not on this machine: ${oneLine(error, 120)}` };
  }
  try {
    const temporary = join(directory, "tmp");
    await mkdir(temporary);
    const run = new WatchedRun(temporary, join(directory, "report"), env);
    await Promise.race([run.ended, delay(afterMs, undefined, { ref: false })]);
    const late = run.hasEnded ? " (it had ended)" : "";
    const happened = performance.now();
    await accident.happen(run, directory);
    const left = await run.left(GRACE_MS);
    const seconds = ((performance.now() - happened) / 1000).toFixed(1);
    return left.length > 0
      ? { outcome: "dirty", says: `LEFT${late}: ${left.join("; ")}` }
      : { outcome: "clean", says: `nothing left after ${seconds} s${late}` };
  } finally {
    await accident.tidy?.(directory);
  }
}
