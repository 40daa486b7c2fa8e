import type { Soak } from '@oversoak/contracts';
import type { Terminal } from '../shell/terminal.ts';
import { type SoakProgress, withEvent, withSoak } from '../watch/progress.ts';
import { type LiveLines, openLiveLines } from './live-lines.ts';
import { plainProgress } from './plain-progress.ts';
import { barLine, runName, stateLine } from './progress-lines.ts';
import type { ProgressView } from './progress-view.ts';

/** On a terminal: one bar that redraws, and a line above it for each finished run. */
export function liveProgress(terminal: Terminal, nowMs: () => number = Date.now): ProgressView {
  let progress: SoakProgress | undefined;
  let lines: LiveLines | undefined;
  const reported = new Set<string>();

  const open = () => {
    lines = openLiveLines(terminal, () =>
      progress === undefined ? [] : [barLine(progress, nowMs())],
    );
    if (progress !== undefined) draw(progress);
  };
  const draw = (next: SoakProgress) => {
    progress = next;
    if (lines === undefined) return;
    lines.changed();
    for (const run of next.runs) {
      if (run.state !== 'done' || reported.has(run.runId)) continue;
      reported.add(run.runId);
      lines.print(`${runName(run, next.repeats)}: ${stateLine(run)}`);
    }
  };
  const close = () => {
    lines?.stop();
    lines = undefined;
  };

  open();
  return {
    soak: (soak: Soak) => draw(withSoak(soak, progress)),
    event: (event) => {
      if (progress !== undefined) draw(withEvent(progress, event));
    },
    unreachable: (error) => lines?.print(`${error.message}; trying again with growing pauses`),
    pause: close,
    resume: open,
    stop: close,
  };
}

/** On a terminal live, otherwise line by line. */
export function openProgressView(terminal: Terminal): ProgressView {
  return terminal.live ? liveProgress(terminal) : plainProgress(terminal);
}
