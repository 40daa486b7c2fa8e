import type { Abort, Report } from '@oversoak/contracts';
import type { Log } from '../model/log.ts';
import { memberKey, type RunRecord } from '../model/run-record.ts';
import type { Queues } from '../queue/queues.ts';
import type { Audit } from '../store/audit.ts';
import type { Runs } from '../store/runs.ts';

/** The reasons for refusing a report; refusals are counted under these names. */
export const REFUSALS = [
  'invalid',
  'other-sender',
  'unknown-run',
  'other-epoch',
  'not-in-gang',
  'run-is-done',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Pure: why a report may not change this run; null: it may. */
export function refusal(report: Report, run: RunRecord | null): Refusal | null {
  if (run === null) return 'unknown-run';
  if (report.epoch !== run.epoch) return 'other-epoch';
  const key = memberKey(report);
  if (!run.gang.some((member) => memberKey(member) === key)) return 'not-in-gang';
  return run.state === 'done' ? 'run-is-done' : null;
}

export interface RefusalDeps {
  runs: Pick<Runs, 'refuseReport'>;
  audit: Pick<Audit, 'noteRefused'>;
  queues: Pick<Queues, 'sendAway'>;
  log: Log;
}

/**
 * Sends an abort to an agent that starts on a refused run: its assignment may have arrived after
 * the abort. A report of an end needs no answer.
 */
async function sendAway(report: Report, reason: Refusal, queues: Pick<Queues, 'sendAway'>) {
  const begins = report.kind === 'prepared' || report.kind === 'started';
  if (!begins) return;
  const { runId, epoch, agentId, role, kind, trace } = report;
  const job: Abort = {
    kind: 'abort',
    runId,
    epoch,
    reason: `report refused: ${reason}`,
    ...(trace === undefined ? {} : { trace }),
  };
  await queues.sendAway(agentId, job, `abort-${kind}-${role}`);
}

/**
 * Counts a refused report, adds it to the audit log, and stops an agent that starts on its run.
 * `report`: null where nothing in it can be believed. `why`: what is logged.
 */
export async function refuseReport(
  agentId: string,
  report: Report | null,
  refused: Refusal,
  why: { fields: object; text: string },
  { runs, audit, queues, log }: RefusalDeps,
): Promise<Refusal> {
  await runs.refuseReport(refused);
  await audit.noteRefused({
    who: agentId,
    from: null,
    action: report === null ? 'report' : `report ${report.kind}`,
    subject: report?.runId ?? null,
    outcome: `refused: ${refused}`,
  });
  log.warn(why.fields, `report refused: ${why.text}`);
  if (report !== null) await sendAway(report, refused, queues);
  return refused;
}
