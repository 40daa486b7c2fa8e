import type { RunResult, RunState } from '@oversoak/contracts';
import { cellKey, type SpanName, serverOf } from '@oversoak/contracts';
import type { Attributes } from '@oversoak/telemetry';
import { systemOfResult } from '../judge/result.ts';
import type { RunRecord } from '../model/run-record.ts';

/** The span of each state; agents record the other spans. */
const SPAN_OF: Partial<Record<RunState, SpanName>> = {
  allocating: 'run.dispatch',
  preparing: 'run.prepare',
  starting: 'run.start',
  judging: 'run.verdict',
};

/** A finished phase of a run, in Redis time. */
export interface EndedPhase {
  name: SpanName;
  startMs: number;
  endMs: number;
  /** Why the run did not reach the next phase. */
  failed?: string;
}

/** Pure: the phase that a change of a run ended; null: none with a span. */
export function endedPhase(before: RunRecord, after: RunRecord): EndedPhase | null {
  const name = SPAN_OF[before.state];
  if (name === undefined || after.state === before.state) return null;
  const phase = { name, startMs: before.stateSinceMs, endMs: after.stateSinceMs };
  if (name === 'run.start' && after.startAtMs !== null && phase.endMs >= after.startAtMs) {
    // The control plane may store the change late, although the agents were on time.
    return { ...phase, endMs: Math.max(phase.startMs, after.startAtMs) };
  }
  const { ending } = after;
  const cut = after.state === 'judging' && ending !== null && ending.verdict !== 'cancelled';
  return cut ? { ...phase, failed: ending.reason } : phase;
}

/** Attributes of every span of a run. `soakName` null: the soak is gone. */
export function attributesOfRun(run: RunRecord, soakName: string | null): Attributes {
  const { notifier, layout } = serverOf(run.cell);
  return {
    'oversoak.soak.id': run.soakId,
    ...(soakName === null ? {} : { 'oversoak.soak.name': soakName }),
    'oversoak.run.id': run.runId,
    'oversoak.run.epoch': run.epoch,
    'oversoak.run.repeat': run.repeat,
    'oversoak.cell': cellKey(run.cell),
    'oversoak.notifier': notifier,
    'oversoak.layout': layout,
    'oversoak.sessions': run.cell.sessions,
  };
}

/** Further attributes of a verdict's span. `schedule` null: a user submitted the soak. */
export function attributesOfVerdict(
  { judgement }: RunRecord,
  result: RunResult,
  schedule: string | null,
): Attributes {
  const platform = systemOfResult(result);
  const [reason] = judgement?.reasons ?? [];
  return {
    // TraceQL compares no attribute that is missing, so "all schedules" would leave these out.
    'oversoak.schedule': schedule ?? '',
    ...(platform === null ? {} : { 'oversoak.platform': platform }),
    ...(judgement === null ? {} : { 'oversoak.verdict': judgement.verdict }),
    ...(reason === undefined ? {} : { 'oversoak.verdict.reason': reason }),
  };
}
