import type { RunState } from '@oversoak/contracts';
import type { RunLimits } from '../model/run-limits.ts';
import { type RunRecord, working } from '../model/run-record.ts';

const SECOND = 1000;

/** When `timer` is due for a run that has just entered its state. */
export function deadlineOf(run: RunRecord, nowMs: number, limits: RunLimits): number | null {
  const { rampUpSeconds, warmUpSeconds, measureSeconds, drainSeconds } = run.phases;
  const startAtMs = run.startAtMs ?? nowMs;
  const measureAtMs = startAtMs + (rampUpSeconds + warmUpSeconds) * SECOND;
  const drainAtMs = measureAtMs + measureSeconds * SECOND;
  const due: Record<RunState, () => number | null> = {
    queued: () => nowMs + limits.queuedMs,
    allocating: () => nowMs + limits.allocatingMs,
    preparing: () => nowMs + limits.prepareMs,
    starting: () => startAtMs,
    warming: () => measureAtMs,
    measuring: () => drainAtMs,
    draining: () => drainAtMs + drainSeconds * SECOND + limits.serverStopMs + limits.finishGraceMs,
    judging: () => nowMs + (working(run).length > 0 ? limits.abortMs : limits.judgeMs),
    done: () => null,
  };
  const deadlineMs = due[run.state]();
  return deadlineMs === null ? null : Math.ceil(deadlineMs);
}

/** How long `Watch` waits for the BullMQ timer before it applies the timeout itself. */
const TIMER_SLACK_MS = 2000;

/** Pure: whether the BullMQ timer for this deadline should have fired by now. */
export function overdue(deadlineMs: number, nowMs: number): boolean {
  return nowMs > deadlineMs + TIMER_SLACK_MS;
}
