import { Writable } from 'node:stream';
import colors from 'picocolors';
import type { Terminal } from '../src/shell/terminal.ts';

/** A pipe of 120 columns that keeps what was written. */
export function plainTerminal(columns = 120): Terminal & { text(): string; errors(): string } {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  return {
    out: stream('out'),
    err: stream('err'),
    live: false,
    ask: null,
    colors: colors.createColors(false),
    columns: () => columns,
    text: () => written.out,
    errors: () => written.err,
  };
}
