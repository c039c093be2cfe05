import fc from "fast-check";
import { expect, test } from "vitest";
import { takePackets } from "./packet-capture.ts";

const LINK_HEADER = Buffer.alloc(20);

/** A packet as tcpdump's file has it: its length, the link's header, the IP packet. */
function record(ip: Buffer): Buffer {
  const packet = Buffer.concat([LINK_HEADER, ip]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(packet.length, 8);
  return Buffer.concat([header, packet]);
}

function ipv4(source: number[], payload: string): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  Buffer.from(source).copy(header, 12);
  return Buffer.concat([header, Buffer.from(payload)]);
}

function ipv6(source: number[], payload: string): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  Buffer.from(source).copy(header, 8);
  return Buffer.concat([header, Buffer.from(payload)]);
}

const ONE = [...new Array<number>(15).fill(0), 1];

test.each([
  ["127.0.0.1", ipv4([127, 0, 0, 1], "x"), true],
  ["127.8.8.8", ipv4([127, 8, 8, 8], "x"), true],
  ["172.18.0.2", ipv4([172, 18, 0, 2], "x"), false],
  ["::1", ipv6(ONE, "x"), true],
  ["fc00::1", ipv6([0xfc, ...ONE.slice(1)], "x"), false],
])("a packet from %s", (_address, ip, loopback) => {
  const packets: { loopback: boolean; bytes: Buffer }[] = [];
  expect(takePackets(record(ip), packets)).toHaveLength(0);
  expect(packets.map((packet) => packet.loopback)).toEqual([loopback]);
});

test("however the stream is cut, every packet comes out whole", () => {
  const payloads = fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 });
  fc.assert(
    fc.property(payloads, fc.integer({ min: 1, max: 60 }), (texts, size) => {
      const stream = Buffer.concat(texts.map((text) => record(ipv4([10, 0, 0, 1], text))));
      const packets: { loopback: boolean; bytes: Buffer }[] = [];
      let rest: Buffer = Buffer.alloc(0);
      for (let at = 0; at < stream.length; at += size) {
        rest = takePackets(Buffer.concat([rest, stream.subarray(at, at + size)]), packets);
      }
      expect(rest).toHaveLength(0);
      expect(packets.map(({ bytes }) => bytes.subarray(40).toString())).toEqual(texts);
    }),
  );
});

test("what is no capture file is said to be none", () => {
  expect(() => takePackets(Buffer.alloc(16, 0xff), [])).toThrow(/no capture file/);
});
