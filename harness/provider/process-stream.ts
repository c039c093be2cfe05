import { Duplex, type Readable, type Writable } from "node:stream";

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
