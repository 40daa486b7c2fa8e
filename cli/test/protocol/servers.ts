// Servers of their own making, which know nothing of descriptions: what a user would have.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { crc32 } from 'node:zlib';

/** Serves connections until the test ends; answers the address as `host:port`. */
export async function serve(t: TestContext, accept: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Everything that came and was not taken yet. */
export function buffered(socket: Socket, take: (data: Buffer) => number): void {
  let data = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    data = Buffer.concat([data, chunk]);
    for (let taken = take(data); taken > 0; taken = take(data)) data = data.subarray(taken);
  });
}

/**
 * Frames: a 2-byte length of what follows it, big-endian; a 4-byte number, big-endian, that rises
 * by one from 0; bytes; the CRC-32 of everything before it, little-endian. A frame with a wrong
 * number or checksum ends the connection. The answer has a 0 in front of the number, and the number
 * of the answer in place of that of the request: the same one.
 */
export function framed(socket: Socket): void {
  let expected = 0;
  buffered(socket, (data) => {
    if (data.length < 2 || data.length < 2 + data.readUInt16BE(0)) return 0;
    const frame = data.subarray(0, 2 + data.readUInt16BE(0));
    const isWhole =
      frame.length >= 10 && crc32(frame.subarray(0, -4)) === frame.readUInt32LE(frame.length - 4);
    if (!isWhole || frame.readUInt32BE(2) !== expected) {
      socket.destroy();
      return 0;
    }
    expected += 1;
    const content = Buffer.concat([Buffer.from([0]), frame.subarray(2, -4)]);
    const head = Buffer.alloc(2);
    head.writeUInt16BE(content.length + 4);
    const covered = Buffer.concat([head, content]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(covered));
    socket.write(Buffer.concat([covered, sum]));
    return frame.length;
  });
}

/** Lines that end with CR LF and nothing else; `answer` makes the lines to send. */
export function lines(answer: (line: string, socket: Socket) => readonly string[]) {
  return (socket: Socket): void => {
    buffered(socket, (data) => {
      const end = data.indexOf('\r\n');
      if (end < 0) return 0;
      const texts = answer(data.subarray(0, end).toString('latin1'), socket);
      socket.write(texts.map((text) => `${text}\r\n`).join(''), 'latin1');
      return end + 2;
    });
  };
}

/**
 * The chat of presets/protocols/chat.yaml: a 2-byte length of the whole message, a byte for its
 * kind, and what belongs to it. Everybody hears what anybody says.
 */
export function chat(): (socket: Socket) => void {
  const all = new Set<Socket>();
  const message = (kind: number, ...parts: Uint8Array[]) => {
    const head = Buffer.from([0, 0, kind]);
    const whole = Buffer.concat([head, ...parts]);
    whole.writeUInt16BE(whole.length);
    return whole;
  };
  const withSum = (kind: number, content: Uint8Array) => {
    // The length counts the checksum, too, and the checksum covers the length.
    const whole = message(kind, content, Buffer.alloc(4));
    whole.writeUInt32BE(crc32(whole.subarray(0, -4)), whole.length - 4);
    return whole;
  };
  return (socket) => {
    all.add(socket);
    socket.on('close', () => all.delete(socket));
    buffered(socket, (data) => {
      if (data.length < 3 || data.length < data.readUInt16BE(0)) return 0;
      const whole = data.subarray(0, data.readUInt16BE(0));
      const [kind, content] = [whole[2], whole.subarray(3)];
      if (kind === 1) socket.write(message(0x81, content));
      if (kind === 3) socket.write(message(0x83, content, Buffer.from(`${all.size} here`)));
      if (kind === 4) socket.end();
      if (kind === 2) {
        for (const other of all) other.write(message(0x90, content.subarray(5, -4)));
        const isRight = crc32(whole.subarray(0, -4)) === whole.readUInt32BE(whole.length - 4);
        if (isRight) socket.write(withSum(0x82, content.subarray(0, -4)));
        else socket.write(message(0xff, content.subarray(0, 4), Buffer.from([1])));
      }
      return whole.length;
    });
  };
}
