import { createHash } from 'node:crypto';
import type { SoakFileEnd } from '@oversoak/contracts';
import { CannotRun } from '../shell/failure.ts';

const NEWLINE = 0x0a;
/** The last line is short; a longer one needs no buffering. */
const MAX_END_BYTES = 1000;

/**
 * Passes the bytes of a soak file through.
 * @throws CannotRun after the last byte if the file does not end with the sha256 of the preceding
 *   lines
 */
export async function* wholeSoakFile(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  // A possible last line enters the hash only when another line follows.
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([held, chunk]);
    const before = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
    const from = bytes.length - before > MAX_END_BYTES ? bytes.length : before;
    hash.update(bytes.subarray(0, from));
    held = bytes.subarray(from);
    yield chunk;
  }
  if (endOf(held.toString()) !== hash.digest('hex')) {
    throw new CannotRun('the file is incomplete: its last line does not match the preceding ones');
  }
}

function endOf(line: string): string | null {
  try {
    const end = JSON.parse(line) as Partial<SoakFileEnd>;
    return end.kind === 'end' ? (end.sha256 ?? null) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
