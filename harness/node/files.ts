import { registerSecretsIn } from "../identity/register.ts";
import type { Node } from "./node.ts";

/** The text of a file on the node. Keys and tokens in it are registered as secrets. */
export async function readFile(node: Node, path: string): Promise<string> {
  const text = await node.run(["cat", path]);
  registerSecretsIn(text);
  return text;
}

/** Writes a file on the node, keeping the mode and owner of one that is there. */
export async function writeFile(node: Node, path: string, text: string): Promise<void> {
  await node.change(["bash", "-c", 'cat > "$1"', "write", path], { input: text });
}

/** The permission bits of files that match a shell pattern, by path: `{"/etc/kubernetes/admin.conf": "600"}`. */
export async function fileModes(node: Node, pattern: string): Promise<Record<string, string>> {
  const listing = await node.run(["bash", "-c", `stat -c '%a %n' ${pattern}`]);
  return Object.fromEntries(
    listing
      .trim()
      .split("\n")
      .map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]),
  );
}
