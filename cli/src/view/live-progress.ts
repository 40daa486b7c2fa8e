import type { Soak } from '@oversoak/contracts';
import type { MultiBar, SingleBar } from 'cli-progress';
import type { Terminal } from '../shell/terminal.ts';
import { type SoakProgress, totalSeconds, withEvent, withSoak } from '../watch/progress.ts';
import { openBars } from './bars.ts';
import { barLine, runName, stateLine } from './progress-lines.ts';
import type { ProgressView } from './progress-view.ts';

/** On a terminal: one bar that redraws, and a line above it for each finished run. */
export function liveProgress(terminal: Terminal, nowMs: () => number = Date.now): ProgressView {
  let progress: SoakProgress | undefined;
  let bars: MultiBar | undefined;
  let bar: SingleBar | undefined;
  const printed = new Set<string>();
  const format = () =>
    progress === undefined ? '' : barLine(progress, terminal.columns(), nowMs());

  const open = () => {
    bars = openBars(terminal, format);
    if (progress !== undefined) draw(progress);
  };
  const draw = (next: SoakProgress) => {
    progress = next;
    if (bars === undefined) return;
    bar ??= bars.create(totalSeconds(next), 0);
    for (const run of next.runs) {
      if (run.state !== 'done' || printed.has(run.runId)) continue;
      printed.add(run.runId);
      bars.log(`${runName(run, next.repeats)}: ${stateLine(run)}\n`);
    }
  };
  const close = () => {
    if (bar !== undefined) {
      bars?.update();
      bars?.stop();
    }
    bars = undefined;
    bar = undefined;
  };

  open();
  return {
    soak: (soak: Soak) => draw(withSoak(soak, progress)),
    event: (event) => {
      if (progress !== undefined) draw(withEvent(progress, event));
    },
    // If the view is paused, the next poll reports it again.
    unreachable: (error) => bars?.log(`${error.message}; retrying\n`),
    pause: close,
    resume: open,
    stop: close,
  };
}
