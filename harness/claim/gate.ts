/**
 * Lets claims run side by side, but for one that must run alone: it has its turn when no other runs or waits, and all that
 * come later wait for it. (In its turn of arrival it would make everybody wait for the slowest, once for each of its kind.)
 */
export class Gate {
  #running = 0;
  #alone = false;
  readonly #waiting = { together: [] as (() => void)[], alone: [] as (() => void)[] };

  /** Runs some work when its turn has come. */
  async pass<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting[alone ? "alone" : "together"].push(enter);
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#running--;
      this.#alone = false;
      this.#admit();
    }
  }

  #admit(): void {
    if (this.#alone) return;
    for (const enter of this.#waiting.together.splice(0)) {
      this.#running++;
      enter();
    }
    if (this.#running > 0) return;
    const enter = this.#waiting.alone.shift();
    if (!enter) return;
    this.#running++;
    this.#alone = true;
    enter();
  }
}
