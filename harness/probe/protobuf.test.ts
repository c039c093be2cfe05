import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, decode, encode, numberOf } from "./protobuf.ts";

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const fieldNumber = fc.integer({ min: 1, max: 2 ** 29 - 1 });

// The vectors are those of https://protobuf.dev/programming-guides/encoding/.
describe("the wire format", () => {
  test("a number", () => {
    expect(numberOf(decode(Buffer.from("089601", "hex")), 1)).toBe(150);
    expect(numberOf(decode(Buffer.alloc(0)), 1)).toBe(0);
  });

  test("text, and a message in the message", () => {
    const text = Buffer.from("120774657374696e67", "hex");
    expect(encode({ 2: "testing" })).toEqual(text);
    expect(bytesOf(decode(text), 2).map(String)).toEqual(["testing"]);
    const [inner = text] = bytesOf(decode(Buffer.from("1a03089601", "hex")), 3);
    expect(numberOf(decode(inner), 1)).toBe(150);
  });

  test("a flag", () => {
    expect(encode({ 9: true })).toEqual(Buffer.from("4801", "hex"));
    expect(encode({})).toEqual(Buffer.alloc(0));
  });

  test("fields of a fixed width, which a newer server may send, are passed over", () => {
    const message = Buffer.concat([
      Buffer.from("0d01020304", "hex"),
      Buffer.from("110102030405060708", "hex"),
    ]);
    expect(numberOf(decode(Buffer.concat([message, Buffer.from("1896f801", "hex")])), 3)).toBe(31_766);
  });
});

test("whatever was written is read back", () => {
  fc.assert(
    fc.property(fc.dictionary(fieldNumber.map(String), bytes, { maxKeys: 6 }), (fields) => {
      const read = decode(encode(fields));
      expect(read).toHaveLength(Object.keys(fields).length);
      for (const [number, value] of Object.entries(fields)) {
        expect(bytesOf(read, Number(number))).toEqual([value]);
      }
    }),
  );
});

test("a message that breaks off is no message", () => {
  fc.assert(
    fc.property(bytes, fc.nat(), (value, cut) => {
      const message = encode({ 4: value });
      const part = message.subarray(0, 1 + (cut % (message.length - 1)));
      expect(() => decode(part)).toThrow("breaks off");
    }),
  );
});

test("whatever bytes come, it ends: with fields that were there, or an error", () => {
  fc.assert(
    fc.property(bytes, (message) => {
      try {
        expect(decode(message).length).toBeLessThanOrEqual(message.length / 2);
      } catch (error) {
        expect(String(error)).toContain("a protobuf message");
      }
    }),
  );
});
