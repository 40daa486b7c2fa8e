import type { Soak } from '@oversoak/contracts';
import { print, type Terminal, warn } from '../shell/terminal.ts';
import { isWaiting, type SoakProgress, withEvent, withSoak } from '../watch/progress.ts';
import { lineIsDue } from './line-pace.ts';
import { runLine, runName, stateLine, waitingText } from './progress-lines.ts';
import type { ProgressView } from './progress-view.ts';

/** A waiting soak has little to report. */
const WAITING_LINE_SECONDS = 60;

/**
 * On a pipe: one line per state change of a run, and in between progress lines at growing
 * intervals.
 */
export function plainProgress(terminal: Terminal, nowMs: () => number = Date.now): ProgressView {
  const startedMs = nowMs();
  let progress: SoakProgress | undefined;
  let paused = false;
  const states = new Map<string, string>();
  const printed = new Map<string, { firstMs: number; lastMs: number }>();
  let waiting: { firstMs: number; lastMs: number } | null = null;

  const say = (name: string, text: string) => {
    const seconds = ((nowMs() - startedMs) / 1_000).toFixed(1).padStart(7);
    print(terminal, `${seconds} s  ${name}: ${text}`);
  };
  const sayWaiting = (next: SoakProgress) => {
    if (!isWaiting(next)) return;
    const now = nowMs();
    if (waiting !== null && !lineIsDue({ ...waiting, nowMs: now }, WAITING_LINE_SECONDS)) return;
    waiting = { firstMs: waiting?.firstMs ?? now, lastMs: now };
    say(next.name, waitingText(next, now));
  };
  const show = (next: SoakProgress) => {
    progress = next;
    if (paused) return;
    sayWaiting(next);
    for (const run of next.runs) {
      if (run.state === 'queued') continue;
      const changed = states.get(run.runId) !== run.state;
      const now = nowMs();
      const before = printed.get(run.runId);
      const due = before !== undefined && lineIsDue({ ...before, nowMs: now });
      const hasFigures = run.phase !== null && run.state !== 'done';
      if (!changed && !(due && hasFigures)) continue;
      states.set(run.runId, run.state);
      printed.set(run.runId, { firstMs: before?.firstMs ?? now, lastMs: now });
      say(runName(run, next.repeats), changed ? stateLine(run) : runLine(run));
    }
  };
  return {
    soak: (soak: Soak) => show(withSoak(soak, progress)),
    event: (event) => {
      if (progress !== undefined) show(withEvent(progress, event));
    },
    unreachable: (error) => {
      if (!paused) warn(terminal, `${error.message}; trying again with growing pauses`);
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
