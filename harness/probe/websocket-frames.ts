/** What a frame is, as far as we tell them apart (RFC 6455, section 11.8). */
export const OPCODE = { text: 1, binary: 2, close: 8 } as const;

export interface Frame {
  opcode: number;
  payload: Buffer;
}

/** The whole WebSocket frames in what a server sent; servers do not mask (RFC 6455, section 5.2). */
export function frames(received: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at + 2 <= received.length; ) {
    const short = received.readUInt8(at + 1) & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (at + head > received.length) break;
    const length =
      short === 126
        ? received.readUInt16BE(at + 2)
        : short === 127
          ? Number(received.readBigUInt64BE(at + 2))
          : short;
    const end = at + head + length;
    if (end > received.length) break;
    found.push({ opcode: received.readUInt8(at) & 0x0f, payload: received.subarray(at + head, end) });
    at = end;
  }
  return found;
}
