/**
 * Remembers under a name what was made for it, so that it is made once for all who ask. What could not be made is
 * forgotten: the next one who asks tries again, instead of being told of a failure that may have passed.
 */
export class Memo {
  readonly #made = new Map<string, Promise<unknown>>();

  /** What is known under a name; made now if nothing is. All callers of one name must ask for the same type. */
  get<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#made.get(name) as Promise<T> | undefined;
    if (known) return known;
    const making = make();
    this.#made.set(name, making);
    making.catch(() => this.#made.delete(name));
    return making;
  }
}
