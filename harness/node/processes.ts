import { readFile } from "./files.ts";
import type { Node } from "./node.ts";

/** A process that lives on a node, pods' processes included. */
export interface Process {
  pid: number;
  /** The file name of its program: `kube-apiserver`. */
  command: string;
  args: string[];
}

const looks = new WeakMap<Node, { at: number; processes: Promise<Process[]> }>();
const LOOK_LASTS_MS = 1_000;

/** Every live process on the node, as of the last second: many claims ask at the same time. */
export function processes(node: Node): Promise<Process[]> {
  const last = looks.get(node);
  if (last && Date.now() - last.at < LOOK_LASTS_MS) return last.processes;
  // One grep instead of a loop: with -z each argument is a record of its own, prefixed with its file's name.
  // Processes that end meanwhile make grep complain, which is no failure.
  const dump = node.run(["bash", "-c", "grep -az '' /proc/[0-9]*/cmdline 2>/dev/null || true"]);
  const look = { at: Date.now(), processes: dump.then(parseCommandLines) };
  looks.set(node, look);
  look.processes.catch(() => looks.delete(node));
  return look.processes;
}

/** The live process of one component (`etcd`, `kube-apiserver`, `kubelet`, …), or undefined where none runs. */
export async function processOf(node: Node, command: string): Promise<Process | undefined> {
  return (await processes(node)).find((process) => process.command === command);
}

/** The text of a file as a process sees it: a pod has its own mounts, and its arguments name paths among them. */
export function readFileOf(node: Node, { pid }: Process, path: string): Promise<string> {
  return readFile(node, `/proc/${pid}/root${path}`);
}

/**
 * The value of a command-line flag as the process was started: `flag(p, "client-ca-file")`. The last one counts, as in
 * the components. A flag without a value is "true"; an absent one undefined.
 */
export function flag(process: Process, name: string): string | undefined {
  return flags(process, name).at(-1);
}

/** Every value of a flag that may be given more than once, in order. */
export function flags(process: Process, name: string): string[] {
  return process.args.flatMap((arg, index) => {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!match || match[1] !== name) return [];
    if (match[2] !== undefined) return [match[2]];
    const next = process.args[index + 1];
    return [next !== undefined && !next.startsWith("-") ? next : "true"];
  });
}

/** Reads the output of `grep -az '' /proc/N/cmdline…`: records `/proc/N/cmdline:ARGUMENT`, separated by NUL. */
export function parseCommandLines(dump: string): Process[] {
  const byPid = new Map<number, string[]>();
  for (const record of dump.split("\0")) {
    const match = /^\/proc\/(\d+)\/cmdline:(.*)$/s.exec(record.replace(/^\n/, ""));
    if (!match) continue;
    const pid = Number(match[1]);
    byPid.set(pid, [...(byPid.get(pid) ?? []), match[2] ?? ""]);
  }
  return [...byPid].flatMap(([pid, [program, ...args]]) =>
    program ? [{ pid, command: program.split("/").at(-1) ?? program, args }] : [],
  );
}
