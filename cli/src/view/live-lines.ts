import cliCursor from 'cli-cursor';
import cliTruncate from 'cli-truncate';
import { createLogUpdate } from 'log-update';
import { print, type Terminal } from '../shell/terminal.ts';

const REDRAW_MS = 250;

/** Lines at the end of a terminal that redraw, and are gone when they are stopped. */
export interface LiveLines {
  /** The first change is shown at once, the others at the next redraw. */
  changed(): void;
  /** A text that stays, above the lines. */
  print(text: string): void;
  stop(): void;
}

/** `lines`: computed at every redraw, because they depend on the time; cut to the terminal. */
export function openLiveLines(terminal: Terminal, lines: () => readonly string[]): LiveLines {
  const out = terminal.out as NodeJS.WritableStream;
  // Its own way to hide the cursor is that of the standard error.
  const update = createLogUpdate(out, { showCursor: true });
  let drawn = false;
  const draw = () => {
    const columns = terminal.columns();
    const text = lines().map((line) => cliTruncate(line, columns));
    if (text.length === 0) return;
    if (!drawn) cliCursor.hide(out);
    drawn = true;
    update(text.join('\n'));
  };
  const redraw = setInterval(draw, REDRAW_MS).unref();
  draw();
  return {
    changed: () => {
      if (!drawn) draw();
    },
    print: (text) => {
      update.clear();
      print(terminal, text);
      draw();
    },
    stop: () => {
      clearInterval(redraw);
      if (!drawn) return;
      update.clear();
      cliCursor.show(out);
    },
  };
}
