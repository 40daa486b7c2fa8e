import {
  BOUNDS,
  hasHalfCharacter,
  Report,
  type RunResult,
  readHistogram,
} from '@oversoak/contracts';
import { Compile } from 'typebox/compile';
import { waitsOf } from '../judge/figures.ts';
import type { Runs } from '../store/runs.ts';
import type { GangReports } from './gang-reports.ts';
import { type Refusal, type RefusalDeps, refusal, refuseReport } from './report-refusal.ts';

const REPORT = Compile(Report);

/** Whether a result's figures are readable and a server's counts never decrease. */
function readable({ result }: Extract<Report, { kind: 'finished' }>): boolean {
  try {
    if (result.role === 'server') {
      waitsOf(result);
      return true;
    }
    const { latency, deliveries } = result.figures.final.measured;
    for (const text of Object.values(latency)) readHistogram(text);
    const ofZones = [deliveries?.latency, deliveries?.lastMember, deliveries?.ticks?.latency];
    for (const text of ofZones) if (text !== undefined) readHistogram(text);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The JSON of a report; undefined: not JSON, or too large. */
export function readReport(text: string): unknown {
  if (text.length > BOUNDS.report.bytes || hasHalfCharacter(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export interface ReportsDeps extends RefusalDeps {
  runs: Pick<Runs, 'get' | 'growResult' | 'refuseReport'>;
  gangReports: Pick<GangReports, 'take'>;
  nowMs: () => Promise<number>;
}

/**
 * Processes what the agent `agentId` reports. A repeated report changes nothing. A result that
 * arrives after the verdict (its agent was lost and is back) is stored under `late`. `decided`: called
 * when it is accepted, before it is stored.
 */
export async function takeReport(
  agentId: string,
  data: unknown,
  deps: ReportsDeps,
  decided: () => void = () => undefined,
): Promise<Refusal | null> {
  if (!REPORT.Check(data)) {
    const [first] = REPORT.Errors(data);
    const fields = { agentId, at: first?.instancePath, problem: first?.message };
    return await refuseReport(agentId, null, 'invalid', { fields, text: 'invalid' }, deps);
  }
  if (data.agentId !== agentId) {
    const why = { fields: { agentId, named: data.agentId }, text: 'it names another agent' };
    return await refuseReport(agentId, null, 'other-sender', why, deps);
  }
  if (data.kind === 'finished') {
    // Figures are decoded only if the result will be stored; that includes a late result.
    const refused = refusal(data, await deps.runs.get(data.runId));
    if (refused !== null && refused !== 'run-is-done') return await refuse(data, refused, deps);
    if (!readable(data)) {
      const fields = { runId: data.runId, agentId };
      const why = { fields, text: 'its histograms or stages cannot be read' };
      return await refuseReport(agentId, data, 'invalid', why, deps);
    }
  }
  const refused = await deps.gangReports.take(data, decided);
  return refused === null ? null : await refuse(data, refused, deps);
}

/** Stores a result that came after the verdict; refuses any other report. */
async function refuse(
  report: Report,
  refused: Refusal,
  deps: ReportsDeps,
): Promise<Refusal | null> {
  const { runId, epoch, agentId, role, kind } = report;
  if (refused === 'run-is-done' && report.kind === 'finished') {
    const atMs = await deps.nowMs();
    if (await deps.runs.growResult(runId, (result) => withLate(result, report, atMs))) {
      deps.log.info({ runId, agentId, role }, 'stored a result that arrived after the verdict');
      return null;
    }
  }
  const why = { fields: { runId, epoch, agentId, role, kind }, text: refused };
  return await refuseReport(agentId, report, refused, why, deps);
}

/**
 * Adds a result that arrived after the verdict; null: the document already has a result of this
 * member. The judged part does not change.
 */
function withLate(
  document: RunResult,
  { agentId, role, result }: Extract<Report, { kind: 'finished' }>,
  atMs: number,
): RunResult | null {
  const inTime = role === 'server' ? document.server !== null : agentId in document.fleets;
  const known = document.late.some((late) => late.agentId === agentId && late.result.role === role);
  if (inTime || known || result.role !== role) return null;
  return { ...document, late: [...document.late, { agentId, atMs: Math.floor(atMs), result }] };
}
