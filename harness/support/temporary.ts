import { dir } from "tmp-promise";

/** A private temporary directory for a session (mode 0700): `/tmp/planeproof-SESSION`. The session's lease removes it. */
export async function sessionDirectory(session: string): Promise<string> {
  const { path } = await dir({ name: `planeproof-${session}`, mode: 0o700, keep: true });
  return path;
}
