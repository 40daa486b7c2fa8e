import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { printableWithColours } from '@oversoak/contracts';
import colors from 'picocolors';

/** Width of text that goes to a file or a pipe. */
export const PIPE_COLUMNS = 120;

export type Colors = ReturnType<typeof colors.createColors>;

export const PLAIN_COLORS: Colors = colors.createColors(false);

/** Resolves with the typed line, or null for Ctrl-C, the end of the input and an aborted signal. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string | null>;

/** The output of a command. */
export interface Terminal {
  out: Writable;
  err: Writable;
  /** An interactive terminal: lines may be redrawn and colour may be used. */
  live: boolean;
  colors: Colors;
  columns(): number;
  /** Null unless both input and output are a terminal. */
  ask: Ask | null;
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
    // Without a terminal the input is not looked at: under Wine that throws on a Linux pipe.
    ask: live && process.stdin.isTTY === true ? askOnTerminal : null,
  };
}

/** The terminal is in raw mode while it asks, so Ctrl-C is a key and not a signal. */
const askOnTerminal: Ask = async (question, signal) => {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await new Promise<string | null>((resolve) => {
      const unanswered = () => resolve(null);
      lines.on('SIGINT', unanswered).on('close', unanswered);
      signal.addEventListener('abort', unanswered);
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
};

/**
 * A line that a pipeline of GitHub would take for a command to it, which only annotations are
 * (`output/github.ts`): what others wrote of a run, such as the reason of an agent, may have several
 * lines. In a time that grows with the text alone: it may be long.
 */
const COMMAND = /^([^\S\r\n]*)(?=::[a-z-]+(?![a-z-]).*::)|(?=##\[)/gim;

const written = (text: string) => `${printableWithColours(text).replace(COMMAND, '$1| ')}\n`;

export function print(terminal: Terminal, text: string): void {
  terminal.out.write(written(text));
}

export function warn(terminal: Terminal, text: string): void {
  terminal.err.write(written(text));
}
