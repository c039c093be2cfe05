import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { dir } from "tmp-promise";

/** A directory that is removed, with all that is in it, at the end of an `await using` block. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a private temporary directory (mode 0700): `/tmp/planeproof-NAME`. It stays until it is disposed of.
 * @param name one that no other directory of ours has; made up unless given
 */
export async function temporaryDirectory(name = randomBytes(4).toString("hex")): Promise<TemporaryDirectory> {
  const { path } = await dir({ name: `planeproof-${name}`, mode: 0o700, keep: true });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
