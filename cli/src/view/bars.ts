import { type GenericFormatter, MultiBar } from 'cli-progress';
import type { Terminal } from '../shell/terminal.ts';

/** Lines that redraw on a terminal, and are gone when they are stopped. */
export function openBars(terminal: Terminal, format: GenericFormatter): MultiBar {
  return new MultiBar({
    stream: terminal.out as NodeJS.WritableStream,
    fps: 4,
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    // Ctrl-C is the command's: it stops the view in its own order.
    gracefulExit: false,
    format,
  });
}
