import { redact } from "./registry.ts";

/** From now on whatever this process prints, its own or a library's, is printed without secrets. */
export function redactOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => write(clean(chunk), ...rest);
  }
}

/** Bytes are read so that each is a character, and comes back as it was. */
function clean(chunk: string | Uint8Array): string | Uint8Array {
  if (typeof chunk === "string") return redact(chunk);
  return Buffer.from(redact(Buffer.from(chunk).toString("latin1")), "latin1");
}
