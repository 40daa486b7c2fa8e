import { beginningOf, type Report } from '@oversoak/contracts';
import type { RunLimits } from '../model/run-limits.ts';
import { type Member, memberKey, type RunRecord } from '../model/run-record.ts';
import type { Effect } from './effects.ts';
import { type Refusal, refusal } from './report-refusal.ts';
import type { OutsideInput } from './run-inputs.ts';
import { next } from './transitions.ts';

/** The state machine's input for a report. The host of a server is its agent's, as allocated. */
function eventOf(report: Report, { gang }: Pick<RunRecord, 'gang'>): OutsideInput {
  const who = { agentId: report.agentId, role: report.role };
  switch (report.kind) {
    case 'prepared':
      return { kind: 'prepared', who, endpoint: endpointOf(report, gang) };
    case 'failed':
      return { kind: 'failed', who, reason: reasonOf(report), exitCode: report.exitCode };
    case 'aborted':
      return { kind: 'aborted', who, reason: reasonOf(report) };
    case 'started':
    case 'finished':
      return { kind: report.kind, who };
  }
}

/** In every answer about the run, so it is not as long as an agent likes. */
const MAX_REASON = 2000;

/** One line, as every reason: others would look like lines of what prints them. */
const reasonOf = ({ reason }: { reason: string }) => {
  const lines = beginningOf(reason, MAX_REASON).split(/[\r\n]+/);
  return lines.map((line) => line.trim()).join(' ');
};

function endpointOf(report: Report & { kind: 'prepared' }, gang: readonly Member[]) {
  const key = memberKey(report);
  const member = gang.find((one) => memberKey(one) === key);
  if (report.port === undefined || member === undefined) return undefined;
  return { host: member.host, port: report.port };
}

/** What becomes of a report; null: it is stored. */
export type ReportOutcome = Refusal | null;

export interface ReportStep {
  /** After the reports; the same object if they change nothing, null if there is no run. */
  run: RunRecord | null;
  effects: Effect[];
  /** Of as many of the reports as the step takes, in their order; one at least. */
  outcomes: ReportOutcome[];
}

/**
 * Pure: the first of the reports, until one changes the run's state. The others are a step of their
 * own, so that every state is stored, and its effects are performed.
 */
export function reportStep(
  before: RunRecord | null,
  reports: readonly Report[],
  nowMs: number,
  limits: RunLimits,
): ReportStep {
  let run = before;
  const outcomes: ReportOutcome[] = [];
  for (const report of reports) {
    const refused = refusal(report, run);
    outcomes.push(refused);
    if (refused !== null || run === null) continue;
    const step = next(run, eventOf(report, run), nowMs, limits);
    if (step === null) continue;
    const { state } = run;
    run = step.run;
    if (step.effects.length > 0 || run.state !== state) return { ...step, outcomes };
  }
  return { run, effects: [], outcomes };
}
