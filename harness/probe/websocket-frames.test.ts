import fc from "fast-check";
import { expect, test } from "vitest";
import { type Frame, frames, OPCODE } from "./websocket-frames.ts";

/** A frame as a server sends it: final, not masked, its length in the shortest of the three ways. */
function written({ opcode, payload }: Frame): Buffer {
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode);
  if (head.length === 2) head.writeUInt8(payload.length, 1);
  if (head.length === 4) head.writeUInt16BE(payload.length, head.writeUInt8(126, 1));
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), head.writeUInt8(127, 1));
  return Buffer.concat([head, payload]);
}

const frame = fc.record({
  opcode: fc.constantFrom(...Object.values(OPCODE)),
  payload: fc
    .oneof(fc.nat(125), fc.integer({ min: 126, max: 300 }), fc.constant(70_000))
    .map((length) => Buffer.alloc(length, "x")),
});

test("whatever was written is read back, in order", () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), (sent) => {
      expect(frames(Buffer.concat(sent.map(written)))).toEqual(sent);
    }),
  );
});

test("a frame that is not all there yet is not read", () => {
  fc.assert(
    fc.property(frame, frame, fc.nat(), (first, second, cut) => {
      const tail = written(second);
      const part = tail.subarray(0, cut % tail.length);
      expect(frames(Buffer.concat([written(first), part]))).toEqual([first]);
    }),
  );
});
