import type { Node } from "../node/node.ts";
import type { Exchange, Outcome } from "./outcome.ts";

// 65534 is "nobody" on every Linux: a user whom nothing belongs to.
const READ = `for pattern; do
  for file in $pattern; do
    [ -f "$file" ] || continue
    if setpriv --reuid 65534 --regid 65534 --clear-groups head -c1 "$file" >/dev/null 2>&1
    then echo "open $file"; else echo "closed $file"; fi
  done
done`;

/**
 * An ordinary user of the node tries to read files, which shell patterns name. Accepted where at least one was opened
 * (the paths are the data), refused where the kernel opened none, failed where there is none.
 */
export async function readAsOrdinaryUser(node: Node, patterns: string[]): Promise<Exchange<string[]>> {
  const lines = (await node.run(["bash", "-c", READ, "read", ...patterns])).split("\n").filter(Boolean);
  const open = lines.filter((line) => line.startsWith("open ")).map((line) => line.slice("open ".length));
  const where = {
    vantage: "node",
    from: node.name,
    to: patterns.join(" "),
    as: "user nobody on the node",
  } as const;
  return { ...where, outcome: outcome(open, lines.length) };
}

function outcome(open: string[], tried: number): Outcome<string[]> {
  if (tried === 0) return { kind: "failed", reason: "there is no such file" };
  if (open.length === 0) {
    return {
      kind: "refused",
      layer: "authorization",
      reason: `permission denied for each of ${tried} files`,
    };
  }
  return {
    kind: "accepted",
    summary: `opened ${open.length} of ${tried} files: ${open.join(", ")}`,
    data: open,
  };
}
