/** Says one line of set-up to the user. On stderr: stdout belongs to the command that set-up prepares. */
export function say(verb: "found" | "install" | "start" | "stop" | "wait", text: string): void {
  process.stderr.write(`${verb.padEnd(8)} ${text}\n`);
}
