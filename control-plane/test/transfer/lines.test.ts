import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { RequestProblem } from '../../src/plugins/problems.ts';
import { linesOf } from '../../src/transfer/lines.ts';

const BOUNDS = { bytes: 1000, lineBytes: 100 };

async function read(chunks: Buffer[], bounds = BOUNDS): Promise<string[]> {
  const lines = [];
  for await (const line of linesOf(Readable.from(chunks), bounds)) lines.push(line.toString());
  return lines;
}

const pieces = (bytes: Buffer, length: number) =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
    bytes.subarray(at * length, (at + 1) * length),
  );

test('lines are complete however the bytes arrive, compressed or not', async () => {
  const text = Buffer.from('one\n\ntwö\nlast');
  for (const bytes of [text, gzipSync(text)]) {
    for (const length of [1, 2, 3, 1000]) {
      assert.deepEqual(await read(pieces(bytes, length)), ['one\n', '\n', 'twö\n', 'last']);
    }
  }
  assert.deepEqual(await read([]), []);
});

const refused = (what: RegExp, status: number) => (error: unknown) =>
  error instanceof RequestProblem && error.statusCode === status && what.test(error.message);

test('a line that is too long is refused before all of it has arrived', async () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(10, 'x');
  };
  const lines = linesOf(Readable.from(endless()), BOUNDS);
  await assert.rejects(lines.next(), refused(/a line has more than 100 bytes/, 413));
});

test('a file that is too long is refused, also if it is only after decompression', async () => {
  const text = Buffer.from('line\n'.repeat(300));
  await assert.rejects(read([text]), refused(/the file has more than 1000 bytes/, 413));
  const packed = gzipSync(text);
  assert.ok(packed.length < 100);
  await assert.rejects(read([packed]), refused(/the file has more than 1000 bytes/, 413));
});

test('truncated or damaged gzip is reported as such', async () => {
  const packed = gzipSync(Buffer.from('line\n'.repeat(30)));
  await assert.rejects(read([packed.subarray(0, 20)]), refused(/not valid gzip/, 400));
  const damaged = Buffer.from(packed);
  damaged.fill(0xff, 12, 16);
  await assert.rejects(read([damaged]), refused(/not valid gzip/, 400));
});
