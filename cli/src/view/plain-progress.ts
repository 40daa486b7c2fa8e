import type { Soak } from '@oversoak/contracts';
import { print, type Terminal, warn } from '../terminal.ts';
import { isWaiting, type SoakProgress, withEvent, withSoak } from '../watch/progress.ts';
import { runLine, runName, stateLine, waitingText } from './progress-lines.ts';
import type { ProgressView } from './progress-view.ts';

const LINE_EVERY_MS = 5_000;
/** A soak may wait for hours. */
const WAITING_LINE_EVERY_MS = 60_000;

/** On a pipe: a line for each change of a run's state, and one every five seconds between them. */
export function plainProgress(terminal: Terminal, nowMs: () => number = Date.now): ProgressView {
  const startedMs = nowMs();
  let progress: SoakProgress | undefined;
  let paused = false;
  const states = new Map<string, string>();
  const spokenMs = new Map<string, number>();
  let waitingSpokenMs = Number.NEGATIVE_INFINITY;

  const say = (name: string, text: string) => {
    const seconds = ((nowMs() - startedMs) / 1_000).toFixed(1).padStart(7);
    print(terminal, `${seconds} s  ${name}: ${text}`);
  };
  const sayWaiting = (next: SoakProgress) => {
    if (!isWaiting(next) || nowMs() - waitingSpokenMs < WAITING_LINE_EVERY_MS) return;
    waitingSpokenMs = nowMs();
    say(next.name, waitingText(next, nowMs()));
  };
  const show = (next: SoakProgress) => {
    progress = next;
    if (paused) return;
    sayWaiting(next);
    for (const run of next.runs) {
      if (run.state === 'queued') continue;
      const changed = states.get(run.runId) !== run.state;
      const due = nowMs() - (spokenMs.get(run.runId) ?? nowMs()) >= LINE_EVERY_MS;
      const hasFigures = run.phase !== null && run.state !== 'done';
      if (!changed && !(due && hasFigures)) continue;
      states.set(run.runId, run.state);
      spokenMs.set(run.runId, nowMs());
      say(runName(run, next.repeats), changed ? stateLine(run) : runLine(run));
    }
  };
  return {
    soak: (soak: Soak) => show(withSoak(soak, progress)),
    event: (event) => {
      if (progress !== undefined) show(withEvent(progress, event));
    },
    unreachable: (error) => {
      if (!paused) warn(terminal, `${error.message}; trying again`);
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      if (progress !== undefined) show(progress);
    },
    stop: () => undefined,
  };
}
