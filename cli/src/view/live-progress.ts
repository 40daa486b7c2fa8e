import type { Soak } from '@oversoak/contracts';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal.ts';
import { type SoakProgress, totalSeconds, withEvent, withSoak } from '../watch/progress.ts';
import { barLine, runName, stateLine } from './progress-lines.ts';
import type { ProgressView } from './progress-view.ts';

/** On a terminal: one bar that redraws, and a line above it for each run that ended. */
export function liveProgress(terminal: Terminal): ProgressView {
  let progress: SoakProgress | undefined;
  let bar: SingleBar | undefined;
  const told = new Set<string>();
  const bars = new MultiBar({
    stream: terminal.out as NodeJS.WritableStream,
    fps: 4,
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    // Ctrl-C is the command's: it stops the view in its own order.
    gracefulExit: false,
    format: () => (progress === undefined ? '' : barLine(progress, terminal.columns())),
  });

  const show = (next: SoakProgress) => {
    progress = next;
    bar ??= bars.create(totalSeconds(next), 0);
    for (const run of next.runs) {
      if (run.state !== 'done' || told.has(run.runId)) continue;
      told.add(run.runId);
      bars.log(`${runName(run, next.repeats)}: ${stateLine(run)}\n`);
    }
  };
  return {
    soak: (soak: Soak) => show(withSoak(soak, progress)),
    event: (event) => {
      if (progress !== undefined) show(withEvent(progress, event));
    },
    unreachable: (error) => bars.log(`${error.message}; trying again\n`),
    stop: () => {
      if (bar === undefined) return;
      bars.update();
      bars.stop();
    },
  };
}
