import { execFile } from "node:child_process";
import { Node, type NodeRole, type NodeTransport } from "../node/node.ts";

interface LocalNode {
  /** The directory in which the node's files are: `/etc/kubernetes/ca.crt` is `ROOT/etc/kubernetes/ca.crt`. */
  root?: string;
  /** The processes that live on it; those of this machine are none of its. */
  pids?: number[];
  role?: NodeRole;
}

/** This machine as a node: commands run here, on files of a directory and on processes that a test has started. */
export function localNode({ root = "", pids = [], role = "control-plane" }: LocalNode): Node {
  const transport: NodeTransport = {
    exec: (argv, { timeoutMs, input }) =>
      new Promise((resolve) => {
        const [program = "", ...args] = argv.map((part) => onThisMachine(part, root, pids));
        const child = execFile(program, args, { timeout: timeoutMs }, (error, stdout, stderr) =>
          resolve({ exitCode: error ? Number(error.code) || 1 : 0, stdout, stderr }),
        );
        if (input !== undefined) child.stdin?.end(input);
      }),
    stream: () => {
      throw new Error("a local node has no streams");
    },
  };
  return new Node({ name: "local", role, addresses: ["127.0.0.1"] }, transport);
}

function onThisMachine(part: string, root: string, pids: number[]): string {
  if (part.startsWith("/etc/") || part.startsWith("/var/")) return root + part;
  const files = pids.map((pid) => `/proc/${pid}/cmdline`).join(" ");
  return part
    .replace("/proc/[0-9]*/cmdline", `${files} /dev/null`)
    .replace(/^\/proc\/(\d+)\/root\//, `/proc/$1/root${root}/`);
}
