import type { Writable } from 'node:stream';
import colors from 'picocolors';

/** Columns of text that goes to a file or a pipe. */
export const PIPE_COLUMNS = 120;

export type Colors = ReturnType<typeof colors.createColors>;

/** Where a command's output goes. */
export interface Terminal {
  out: Writable;
  err: Writable;
  /** A person watches: bars may redraw, colour may be used. */
  live: boolean;
  colors: Colors;
  columns(): number;
}

export function openTerminal(plain: boolean): Terminal {
  const { stdout, stderr } = process;
  const live = stdout.isTTY === true;
  return {
    out: stdout,
    err: stderr,
    live: live && !plain,
    colors: colors.createColors(live && !plain),
    columns: () => (live ? stdout.columns : PIPE_COLUMNS),
  };
}

export function print(terminal: Terminal, text: string): void {
  terminal.out.write(`${text}\n`);
}

export function warn(terminal: Terminal, text: string): void {
  terminal.err.write(`${text}\n`);
}
