import {
  type Abort,
  BOUNDS,
  beginningOf,
  hasHalfCharacter,
  Report,
  readHistogram,
} from '@oversoak/contracts';
import { Compile } from 'typebox/compile';
import { waitsOf } from '../judge/figures.ts';
import { withLate } from '../judge/late.ts';
import type { Log } from '../model/log.ts';
import { type Member, memberKey, type RunRecord } from '../model/run-record.ts';
import type { Queues } from '../queue/queues.ts';
import type { Audit } from '../store/audit.ts';
import type { Runs } from '../store/runs.ts';
import type { Driver } from './driver.ts';
import type { OutsideInput } from './run-inputs.ts';

const REPORT = Compile(Report);

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

/** The state machine's input for a report. The host of a server is its agent's, as allocated. */
export function eventOf(report: Report, { gang }: Pick<RunRecord, 'gang'>): OutsideInput {
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

const reasonOf = ({ reason }: { reason: string }) => beginningOf(reason, MAX_REASON);

function endpointOf(report: Report & { kind: 'prepared' }, gang: readonly Member[]) {
  const key = memberKey(report);
  const member = gang.find((one) => memberKey(one) === key);
  if (report.port === undefined || member === undefined) return undefined;
  return { host: member.host, port: report.port };
}

/** Whether a result's figures are readable and a server's counts never decrease. */
function readable(report: Report): boolean {
  if (report.kind !== 'finished') return true;
  const { result } = report;
  try {
    if (result.role === 'server') {
      waitsOf(result);
      return true;
    }
    for (const text of Object.values(result.figures.final.measured.latency)) readHistogram(text);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The JSON of a report; undefined: it is none, or too large. */
export function readReport(text: string): unknown {
  if (text.length > BOUNDS.report.bytes || hasHalfCharacter(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export interface ReportsDeps {
  runs: Pick<Runs, 'get' | 'keepReport' | 'growResult' | 'refuseReport'>;
  driver: Pick<Driver, 'apply'>;
  audit: Pick<Audit, 'noteRefused'>;
  queues: Pick<Queues, 'sendAway'>;
  nowMs: () => Promise<number>;
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
 * Processes what the agent `agentId` reports. A repeated report changes nothing. A result that
 * arrives after the verdict (its agent was lost and is back) is stored under `late`.
 */
export async function takeReport(
  agentId: string,
  data: unknown,
  deps: ReportsDeps,
): Promise<Refusal | null> {
  const { runs, driver, log } = deps;
  if (!REPORT.Check(data)) {
    const [first] = REPORT.Errors(data);
    await runs.refuseReport('invalid');
    await noteRefused(agentId, null, 'invalid', deps);
    log.warn(
      { agentId, at: first?.instancePath, problem: first?.message },
      'report refused: invalid',
    );
    return 'invalid';
  }
  if (data.agentId !== agentId) {
    await runs.refuseReport('other-sender');
    await noteRefused(agentId, null, 'other-sender', deps);
    log.warn({ agentId, named: data.agentId }, 'report refused: it names another agent');
    return 'other-sender';
  }
  const run = await runs.get(data.runId);
  const refused = refusal(data, run);
  // Figures are decoded only if the result will be stored; that includes a late result.
  if (run === null || (refused !== null && refused !== 'run-is-done')) {
    return await refuse(data, refused ?? 'unknown-run', deps);
  }
  if (!readable(data)) {
    await runs.refuseReport('invalid');
    await noteRefused(agentId, data, 'invalid', deps);
    const { runId } = data;
    log.warn({ runId, agentId }, 'report refused: its histograms or stages cannot be read');
    return 'invalid';
  }
  if (refused !== null) return await refuse(data, refused, deps);
  // Stored before the event is applied, so that a judgement triggered by it includes the report.
  if (!(await runs.keepReport(data))) return await refuse(data, 'run-is-done', deps);
  await driver.apply(data.runId, eventOf(data, run));
  return null;
}

/** `report` is null where nothing in it can be believed. */
async function noteRefused(
  agentId: string,
  report: Pick<Report, 'kind' | 'runId'> | null,
  refused: Refusal,
  { audit }: Pick<ReportsDeps, 'audit'>,
): Promise<void> {
  await audit.noteRefused({
    who: agentId,
    from: null,
    action: report === null ? 'report' : `report ${report.kind}`,
    subject: report?.runId ?? null,
    outcome: `refused: ${refused}`,
  });
}

async function refuse(
  report: Report,
  refused: Refusal,
  { runs, queues, audit, nowMs, log }: ReportsDeps,
): Promise<Refusal | null> {
  const { runId, epoch, agentId, role, kind } = report;
  if (refused === 'run-is-done' && report.kind === 'finished') {
    const atMs = await nowMs();
    if (await runs.growResult(runId, (result) => withLate(result, report, atMs))) {
      log.info({ runId, agentId, role }, 'a result came after the verdict and is kept');
      return null;
    }
  }
  await runs.refuseReport(refused);
  await noteRefused(agentId, report, refused, { audit });
  log.warn({ runId, epoch, agentId, role, kind }, `report refused: ${refused}`);
  await sendAway(report, refused, queues);
  return refused;
}
