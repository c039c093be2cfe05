import { Duplex, type Readable, type Writable } from "node:stream";
import { execa } from "execa";
import { engine, engineCommand } from "../../engine/engine.ts";
import type { NodeTransport } from "../../node/node.ts";

/** Commands and streams in a node that is a container of this name. */
export function dockerTransport(container: string): NodeTransport {
  return {
    async exec(argv, { input, timeoutMs }) {
      const result = await engine(["exec", ...(input === undefined ? [] : ["-i"]), container, ...argv], {
        reject: false,
        timeout: timeoutMs,
        ...(input === undefined ? {} : { input }),
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

/**
 * A process's stdin and stdout as one stream, which ends when stdout has been read to its end. (execa's own duplex breaks
 * off as soon as the process no longer takes its stdin, and then the last words of a server that hangs up are lost.)
 */
export function joined(stdin: Writable, stdout: Readable): Duplex {
  const io = new Duplex({
    allowHalfOpen: false,
    read: () => void stdout.resume(),
    write: (chunk, _encoding, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(() => done()),
    destroy(error, done) {
      stdin.destroy();
      stdout.destroy();
      done(error);
    },
  });
  stdin.on("error", () => {});
  stdout.on("error", () => io.push(null));
  stdout.on("end", () => io.push(null));
  stdout.on("data", (chunk: Buffer) => {
    if (!io.push(chunk)) stdout.pause();
  });
  return io;
}
