// As much of the protobuf wire format (https://protobuf.dev/programming-guides/encoding/) as etcd's messages take.

/** A field of a message: its number, and its value; a varint is a bigint, everything else its bytes. */
export interface Field {
  number: number;
  value: bigint | Buffer;
}

const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** A message to send, by field number. */
export function encode(fields: Record<number, Buffer | string | true>): Buffer {
  const parts = Object.entries(fields).flatMap(([number, value]) => {
    if (value === true) return [tag(number, WIRE.varint), varint(1)];
    const bytes = Buffer.from(value);
    return [tag(number, WIRE.lengthDelimited), varint(bytes.length), bytes];
  });
  return Buffer.concat(parts);
}

/** The fields of a message in the order in which they came. Throws where the message breaks off or is none. */
export function decode(message: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const key = varintAt(message, at);
    const wire = Number(key.value & 7n);
    const head = wire === WIRE.lengthDelimited ? varintAt(message, key.end) : key;
    const varint = wire === WIRE.varint ? varintAt(message, key.end) : undefined;
    const end = varint?.end ?? head.end + lengthOf(wire, head.value);
    if (end > message.length) throw new Error("a protobuf message that breaks off");
    fields.push({
      number: Number(key.value >> 3n),
      value: varint?.value ?? message.subarray(head.end, end),
    });
    at = end;
  }
  return fields;
}

/** Every value of a length-delimited field: bytes, text or a message in the message. */
export function bytesOf(fields: readonly Field[], number: number): Buffer[] {
  return fields.flatMap(({ number: at, value }) =>
    at === number && typeof value !== "bigint" ? [value] : [],
  );
}

/** A number; 0 where it is not there, since proto3 leaves out what is 0. */
export function numberOf(fields: readonly Field[], number: number): number {
  return Number(fields.findLast(({ number: at }) => at === number)?.value ?? 0);
}

function tag(number: string, wire: number): Buffer {
  return varint(Number(number) * 8 + wire);
}

function varint(value: number): Buffer {
  return Buffer.from(value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]);
}

/** The varint at an offset, and the offset behind it. */
function varintAt(message: Buffer, offset: number): { value: bigint; end: number } {
  let value = 0n;
  for (let at = offset; at < message.length && at < offset + 10; at++) {
    const byte = message.readUInt8(at);
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - offset));
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + 1 };
  }
  throw new Error("a protobuf message that breaks off");
}

/** The length of a field's value behind its head. */
function lengthOf(wire: number, said: bigint): number {
  if (wire === WIRE.lengthDelimited) return Number(said);
  if (wire === WIRE.fixed64) return 8;
  if (wire === WIRE.fixed32) return 4;
  throw new Error(`a protobuf message with wire type ${wire}`);
}
