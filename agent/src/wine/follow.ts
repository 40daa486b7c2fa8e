import { closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import type { Writable } from 'node:stream';

const poll_ms = 50;

/**
 * Limits the log of a program that runs for weeks. Bytes written in the microseconds between the
 * last read and the truncation are lost.
 */
const CUT_AT_BYTES = 8 * 1024 * 1024;

/**
 * Copies the text appended to `file` to `stream` until the returned function is called. Truncates
 * the file once it has grown to `cutAtBytes`. Writers must append (O_APPEND).
 */
export function follow(file: string, stream: Writable, cutAtBytes = CUT_AT_BYTES): () => void {
  const fd = openSync(file, 'r');
  const buffer = Buffer.alloc(65_536);
  let position = 0;
  const drain = () => {
    for (;;) {
      const bytes = readSync(fd, buffer, 0, buffer.length, position);
      position += bytes;
      if (bytes > 0) stream.write(Buffer.from(buffer.subarray(0, bytes)));
      else if (position < cutAtBytes || fstatSync(fd).size > position) return;
      else {
        truncateSync(file);
        position = 0;
      }
    }
  };
  const timer = setInterval(drain, poll_ms);
  return () => {
    clearInterval(timer);
    drain();
    closeSync(fd);
  };
}
