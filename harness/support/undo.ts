import { EnvironmentError, oneLine } from "./errors.ts";

/** Takes something back that was done, and ends once that is in effect. */
export type Undo = () => Promise<unknown>;

/** Something could not be taken back. */
export class LeftBehindError extends EnvironmentError {
  /** What is left behind, each with the reason. */
  readonly left: string[];

  constructor(left: string[]) {
    super("Something that was changed could not be undone.", { found: left.join("\n") });
    this.left = left;
  }
}

/** What is to be taken back, the last thing done first. */
export class UndoStack {
  readonly #undos: { what: string; undo: Undo }[] = [];
  #ran = false;

  /** `what` names what is left behind where the undo fails. Once the stack has run, it is taken back at once. */
  push(what: string, undo: Undo): void {
    this.#undos.push({ what, undo });
    // Whoever still changes things then is known to be late, and his run has failed.
    if (this.#ran) void this.run().catch(() => {});
  }

  /** Takes everything back, each once and all of it; then throws a LeftBehindError that names what could not be. */
  async run(): Promise<void> {
    this.#ran = true;
    const left: string[] = [];
    for (let next = this.#undos.pop(); next; next = this.#undos.pop()) {
      const { what, undo } = next;
      await undo().catch((error: unknown) => left.push(`${what} (${oneLine(error)})`));
    }
    if (left.length > 0) throw new LeftBehindError(left);
  }
}
