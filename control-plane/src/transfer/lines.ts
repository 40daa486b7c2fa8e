import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RequestProblem } from '../plugins/problems.ts';

/** Bounds of a file that is read, in bytes; of one that is packed both ways. */
export interface FileBounds {
  fileBytes: number;
  /** A line is in memory as a whole. */
  lineBytes: number;
}

/** A run of a day on 64 fleet agents is one line of about half as much. */
export const FILE_BOUNDS: FileBounds = { fileBytes: 2 ** 30, lineBytes: 2 ** 28 };

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

/** The bytes as they are, or unpacked when they are gzip. */
async function* unpacked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  async function* all() {
    yield first.value as Buffer;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  if (first.value[0] !== GZIP_FIRST_BYTE) return yield* all();
  // Its errors come out of the loop that reads it.
  const gunzip = pipeline(Readable.from(all()), createGunzip(), () => {});
  yield* gunzip as AsyncIterable<Buffer>;
}

/**
 * The lines of a file, each with its newline, packed or not. A last one without a newline is a
 * line too. Throws RequestProblem where a bound is passed or the packing is broken.
 */
export async function* linesOf(
  body: Readable,
  { fileBytes, lineBytes }: FileBounds,
): AsyncGenerator<Buffer> {
  // A caller that is refused must still be able to read why.
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
    for await (const chunk of bounded(unpacked(bounded(chunks, fileBytes)), fileBytes)) {
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

/** Errors of zlib and of a connection that drops are the file's fault, not ours. */
function asProblem(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) return new RequestProblem(400, `not valid gzip: ${message(error)}`);
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new RequestProblem(400, 'the file was cut off on its way');
  }
  return error;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
