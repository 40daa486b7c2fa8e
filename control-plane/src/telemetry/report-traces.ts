import { REPORTS_QUEUE, type Report, readTrace } from '@oversoak/contracts';
import { type Attributes, messageAttributes, type Telemetry } from '@oversoak/telemetry';
import type { Refusal } from '../run/report-refusal.ts';
import type { Runs } from '../store/runs.ts';
import { attributesOfRun } from './run-phase.ts';
import type { SoakFactsCache } from './soak-facts.ts';

export interface ReportTracesDeps {
  telemetry: Telemetry;
  runs: Pick<Runs, 'get'>;
  soakFacts: Pick<SoakFactsCache, 'of'>;
  nowMs: () => Promise<number>;
}

/** A job of the report queue; `data` is not validated yet. */
export interface ReportJob {
  id?: string | undefined;
  data: unknown;
}

/** Spans of processed reports. */
export class ReportTraces {
  readonly #deps: ReportTracesDeps;

  constructor(deps: ReportTracesDeps) {
    this.#deps = deps;
  }

  async around({ id, data }: ReportJob, take: () => Promise<Refusal | null>): Promise<void> {
    const { telemetry, nowMs } = this.#deps;
    if (!telemetry.on) {
      await take();
      return;
    }
    const { trace, attributes } = await this.#about(data);
    const parent = readTrace(Object(data).trace);
    const startMs = await nowMs();
    const beganMs = performance.now();
    const links = parent === undefined && trace !== undefined ? [trace] : [];
    const span = telemetry.begin('job.process', { startMs, parent, links });
    const end = (more: Attributes, failed?: string) =>
      span.end({
        endMs: startMs + performance.now() - beganMs,
        attributes: {
          ...attributes,
          ...messageAttributes('process', REPORTS_QUEUE, id),
          ...more,
        },
        ...(failed === undefined ? {} : { failed }),
      });
    try {
      const refused = await take();
      if (refused === null) end({});
      else end({ 'error.type': refused }, `report refused: ${refused}`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      end({ 'error.type': 'failed' }, message);
      throw error;
    }
  }

  /** The trace of its run's launch and the span's attributes; minimal for an unknown run. */
  async #about(data: unknown): Promise<{ trace: string | undefined; attributes: Attributes }> {
    const { runs, soakFacts } = this.#deps;
    const { runId, agentId, role } = Object(data) as Partial<Report>;
    const run = typeof runId === 'string' ? await runs.get(runId) : null;
    const member = run?.gang.find((one) => one.agentId === agentId && one.role === role);
    if (run === null || member === undefined) return { trace: undefined, attributes: {} };
    const soak = await soakFacts.of(run.soakId);
    const attributes = {
      ...attributesOfRun(run, soak?.name ?? null),
      'oversoak.agent.id': member.agentId,
      'oversoak.role': member.role,
    };
    return { trace: readTrace(run.trace), attributes };
  }
}
