// The frame of src/wire/frame.h, made independently of it: the tests' own client.

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc >>> 0;
});

function crc32c(parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const part of parts) {
    for (const byte of part) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A whole valid frame with times 0. */
export function frame(sequence: bigint, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.alloc(64 + payload.length);
  bytes.writeUInt16LE(bytes.length - 2, 0);
  bytes.writeBigUInt64LE(sequence, 4);
  bytes.set(payload, 60);
  const checksum = crc32c([bytes.subarray(0, 28), payload]);
  bytes.writeUInt32LE(checksum, bytes.length - 4);
  return bytes;
}

export interface EchoedFrame {
  sequence: bigint;
  payload: Buffer;
  /** received, routed, dequeued, handled, sending: the server's clock, ns. */
  stampsNs: bigint[];
}

/** Reads a whole frame; throws when its checksum is wrong. */
export function readFrame(bytes: Buffer): EchoedFrame {
  const payload = bytes.subarray(60, bytes.length - 4);
  const checksum = crc32c([bytes.subarray(0, 28), payload]);
  if (checksum !== bytes.readUInt32LE(bytes.length - 4)) throw new Error('wrong checksum');
  const received = bytes.readBigInt64LE(28);
  const since = [36, 42, 48, 54].map((offset) => BigInt(bytes.readUIntLE(offset, 6)));
  return {
    sequence: bytes.readBigUInt64LE(4),
    payload,
    stampsNs: [received, ...since.map((ns) => received + ns)],
  };
}
