import { type GenericFormatter, MultiBar } from 'cli-progress';
import type { Terminal } from '../shell/terminal.ts';

/** Lines that redraw on a terminal and disappear when stopped. */
export function openBars(terminal: Terminal, format: GenericFormatter): MultiBar {
  return new MultiBar({
    stream: terminal.out as NodeJS.WritableStream,
    fps: 4,
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    // The command handles Ctrl-C and stops the view itself.
    gracefulExit: false,
    format,
  });
}
