import { cellKey, type Run, type Verdict, type WebhookEvent } from '@oversoak/contracts';

/** The most reasons in one event, to keep it readable. */
const MAX_REASONS = 20;

type ReportedRun = Pick<Run, 'cell' | 'repeat' | 'judgement'>;

/** Pure: the reasons of the runs with this verdict, as `cell #repeat: reason`. */
export function reasonsFor(verdict: Verdict, runs: readonly ReportedRun[]): string[] {
  const reasons = runs
    .filter(({ judgement }) => judgement?.verdict === verdict)
    .flatMap(({ cell, repeat, judgement }) =>
      (judgement?.reasons ?? []).map((reason) => `${cellKey(cell)} #${repeat}: ${reason}`),
    );
  const more = reasons.length - MAX_REASONS;
  return more > 0 ? [...reasons.slice(0, MAX_REASONS), `and ${more} more`] : reasons;
}

export interface SoakEnd {
  schedule: string;
  tickAtMs: number;
  soakId: string;
  verdict: Verdict;
  runs: readonly ReportedRun[];
  atMs: number;
}

export function soakDone({ runs, atMs, ...end }: SoakEnd): WebhookEvent {
  const path = `/v1/soaks/${end.soakId}`;
  const data = { ...end, reasons: reasonsFor(end.verdict, runs), path };
  return { type: 'soak.done', timestamp: new Date(atMs).toISOString(), data };
}

/** The event for a tick whose soak was refused. */
export function soakRefused(
  schedule: string,
  tickAtMs: number,
  reason: string,
  atMs: number,
): WebhookEvent {
  const path = `/v1/schedules/${schedule}/history`;
  const data = { schedule, tickAtMs, soakId: null, reasons: [reason], path };
  const timestamp = new Date(atMs).toISOString();
  return { type: 'soak.refused', timestamp, data: { ...data, verdict: 'inconclusive' } };
}
