import { execa } from "execa";
import { engine, engineCommand } from "../../engine/engine.ts";
import type { NodeTransport } from "../../node/node.ts";
import { joined } from "../process-stream.ts";
import { runInShell } from "./shell.ts";

/** Commands and streams in a container of this name. */
export function containerTransport(container: string): NodeTransport {
  return {
    async exec(argv, { input, timeoutMs }) {
      if (input === undefined) return runInShell(container, argv, timeoutMs);
      const result = await engine(["exec", "-i", container, ...argv], {
        reject: false,
        timeout: timeoutMs,
        input,
      });
      return {
        exitCode: result.exitCode ?? 124, // ended by the timeout: the code that coreutils' timeout gives
        stdout: result.stdout,
        stderr: result.stderr,
      };
    },
    stream(argv) {
      const subprocess = execa(engineCommand(), ["exec", "-i", container, ...argv], {
        reject: false,
        buffer: false,
      });
      let stderr = "";
      subprocess.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      const io = joined(subprocess.stdin, subprocess.stdout);
      io.once("close", () => subprocess.kill());
      return { io, stderr: () => stderr };
    },
  };
}
