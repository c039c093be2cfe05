/** When work may run: beside others, and before or after those that wait as well; or when nothing else does. */
export type Turn = "early" | "late" | "alone";

/** So many claims run side by side: more would only wait for the processor, and their timings would say nothing. */
const SIDE_BY_SIDE = 16;

/**
 * Lets claims run side by side, but for one that must run alone: it has its turn when no other runs or waits, and all that
 * come later wait for it. (In its turn of arrival it would make everybody wait for the slowest, once for each of its kind.)
 */
export class Gate {
  #running = 0;
  #alone = false;
  #asked = false;
  readonly #waiting: Record<Turn, (() => void)[]> = { early: [], late: [], alone: [] };

  /** Runs some work when its turn has come. */
  async pass<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting[turn].push(enter);
      this.#admitSoon();
    });
    try {
      return await work();
    } finally {
      this.#running--;
      this.#alone = false;
      this.#admitSoon();
    }
  }

  /** Once all who come in this turn of the event loop are there: who came first is not who goes first. */
  #admitSoon(): void {
    if (this.#asked) return;
    this.#asked = true;
    setImmediate(() => {
      this.#asked = false;
      this.#admit();
    });
  }

  #admit(): void {
    if (this.#alone) return;
    const { early, late, alone } = this.#waiting;
    while (this.#running < SIDE_BY_SIDE) {
      const enter = early.shift() ?? late.shift();
      if (!enter) break;
      this.#running++;
      enter();
    }
    if (this.#running > 0) return;
    const enter = alone.shift();
    if (!enter) return;
    this.#running++;
    this.#alone = true;
    enter();
  }
}
