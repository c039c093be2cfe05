/**
 * Lets claims run side by side, but for one that must run alone: it waits for those that run, and all others wait for it.
 * First come, first served, so that nobody waits for ever.
 */
export class Gate {
  #running = 0;
  #alone = false;
  readonly #queue: { alone: boolean; enter: () => void }[] = [];

  /** Runs some work when its turn has come. */
  async pass<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#queue.push({ alone, enter });
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
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (this.#alone || (next.alone && this.#running > 0)) return;
      this.#queue.shift();
      this.#running++;
      this.#alone = next.alone;
      next.enter();
    }
  }
}
