import { Listr, PRESET_TIMER } from "listr2";
import type { Progress } from "../support/progress.ts";
import { redact } from "../support/secrets/registry.ts";
import { orInterrupted } from "./interrupt.ts";

const LINE_EVERY_MS = 10_000;

/** Progress for a stream: a live tree on a terminal, plain lines elsewhere (CI, a file, a pipe). */
export function progressFor(stream: NodeJS.WriteStream = process.stderr): Progress {
  const shown = stream.isTTY ? tree : lines(stream);
  return {
    step: (title, work) =>
      // A terminal's lines are cut and wrapped after this: half a secret would not be recognized any more.
      shown.step(redact(title), (say) => orInterrupted(work((detail) => say(redact(detail))))),
  };
}

const tree: Progress = {
  async step<T>(title: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T> {
    const result: T[] = [];
    const list = new Listr(
      [
        {
          title,
          task: async (_context, task) => {
            const say = (detail: string) => {
              task.output = detail;
            };
            result.push(await work(say));
          },
        },
      ],
      {
        registerSignalListeners: false, // Ctrl-C is ours: the lease has to be cleared first
        rendererOptions: { timer: PRESET_TIMER },
      },
    );
    await list.run();
    return result[0] as T;
  },
};

function lines(stream: NodeJS.WriteStream): Progress {
  return {
    async step(title, work) {
      const started = performance.now();
      let last = started;
      stream.write(`… ${title}\n`);
      const result = await work((detail) => {
        if (performance.now() - last < LINE_EVERY_MS || detail === "") return;
        last = performance.now();
        stream.write(`  ${title}: ${detail}\n`);
      }).catch((error: unknown) => {
        stream.write(`✗ ${title} (${seconds(started)})\n`);
        throw error;
      });
      stream.write(`✓ ${title} (${seconds(started)})\n`);
      return result;
    },
  };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
