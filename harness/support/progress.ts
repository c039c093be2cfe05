/** Reports what is being done. The command line shows it; the library is silent by default. */
export interface Progress {
  /** Runs one visible, timed step. `say` replaces the step's current detail (one short line). */
  step<T>(title: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** Shows nothing: for tests and for users of the library. */
export const silent: Progress = { step: (_title, work) => work(() => {}) };

/** A step that ended, with its duration in milliseconds. */
export interface TimedStep {
  name: string;
  ms: number;
}

/** Wraps a progress so that each finished step is also recorded, in the order in which the steps ended. */
export function timed(inner: Progress): Progress & { steps: TimedStep[] } {
  const steps: TimedStep[] = [];
  return {
    steps,
    async step(title, work) {
      const started = performance.now();
      const result = await inner.step(title, work);
      steps.push({ name: title, ms: Math.round(performance.now() - started) });
      return result;
    },
  };
}
