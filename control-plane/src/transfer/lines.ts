import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RequestProblem } from '../plugins/problems.ts';

/** Size limits of an imported file in bytes; for gzip, they apply before and after inflation. */
export interface FileBounds {
  bytes: number;
  /** A line is in memory as a whole. */
  lineBytes: number;
}

const NEWLINE = 0x0a;
/** JSON cannot begin with it. */
const GZIP_FIRST_BYTE = 0x1f;

const tooLarge = (what: string, bytes: number) =>
  new RequestProblem(413, `${what} has more than ${bytes} bytes`);

async function* bounded(chunks: AsyncIterable<Buffer>, bytes: number) {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > bytes) throw tooLarge('the file', bytes);
    yield chunk;
  }
}

/** The bytes, inflated if they are gzip. */
async function* unpacked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  async function* all() {
    yield first.value as Buffer;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  if (first.value[0] !== GZIP_FIRST_BYTE) return yield* all();
  // The loop that reads it rethrows its errors.
  const gunzip = pipeline(Readable.from(all()), createGunzip(), () => {});
  yield* gunzip as AsyncIterable<Buffer>;
}

/**
 * The lines of a plain or gzip file, each with its newline (the last one may lack it). Throws
 * RequestProblem for a file over a limit and for broken gzip.
 */
export async function* linesOf(
  body: Readable,
  { bytes, lineBytes }: FileBounds,
): AsyncGenerator<Buffer> {
  // A refused caller must still be able to read the response.
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length > lineBytes) throw tooLarge('a line', lineBytes);
    parts.push(part);
  };
  const take = () => {
    const line = Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  try {
    for await (const chunk of bounded(unpacked(bounded(chunks, bytes)), bytes)) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, at + 1));
        from = at + 1;
        yield take();
      }
      if (from < chunk.length) add(chunk.subarray(from));
    }
    if (length > 0) yield take();
  } catch (error) {
    throw asProblem(error);
  }
}

/** Errors of zlib and of a dropped connection become client errors. */
function asProblem(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) return new RequestProblem(400, `not valid gzip: ${message(error)}`);
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new RequestProblem(400, 'the connection ended before the end of the file');
  }
  return error;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
