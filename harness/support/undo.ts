/** Takes something back that was done, and ends once that is in effect. */
export type Undo = () => Promise<unknown>;

/** What is to be taken back, the last thing done first. */
export class UndoStack {
  readonly #undos: Undo[] = [];

  push(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** Takes everything back, each once; then throws what the first that failed threw. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let undo = this.#undos.pop(); undo; undo = this.#undos.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
