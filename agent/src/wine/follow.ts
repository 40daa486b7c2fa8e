import { openSync, readSync } from 'node:fs';
import type { Writable } from 'node:stream';

const poll_ms = 50;

/** Copies what is appended to `file` to `stream` until the returned function is called. */
export function follow(file: string, stream: Writable): () => void {
  const fd = openSync(file, 'r');
  const buffer = Buffer.alloc(65_536);
  const drain = () => {
    for (;;) {
      const bytes = readSync(fd, buffer);
      if (bytes === 0) return;
      stream.write(Buffer.from(buffer.subarray(0, bytes)));
    }
  };
  const timer = setInterval(drain, poll_ms);
  return () => {
    clearInterval(timer);
    drain();
  };
}
