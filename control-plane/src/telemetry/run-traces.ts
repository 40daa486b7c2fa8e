import { type RunResult, readTrace, type SpanName } from '@oversoak/contracts';
import { messageAttributes, type Telemetry } from '@oversoak/telemetry';
import type { RunRecord } from '../model/run-record.ts';
import type { Change, RunTracing, Sending } from '../run/run-tracing.ts';
import { attributesOfRun, attributesOfVerdict, endedPhase } from './run-phase.ts';
import type { SoakFacts, SoakFactsCache } from './soak-facts.ts';

export interface RunTracesDeps {
  telemetry: Telemetry;
  soakFacts: Pick<SoakFactsCache, 'of'>;
  nowMs: () => Promise<number>;
}

/** Each launch is a separate trace: one trace for a whole soak would last for days. */
function placeOf(name: SpanName, { trace }: RunRecord, soak: SoakFacts | null) {
  if (name === 'run.dispatch') return { links: linksTo(soak?.trace) };
  if (name === 'run.verdict') return { links: linksTo(trace) };
  return { parent: readTrace(trace) };
}

const linksTo = (trace: string | null | undefined) => {
  const known = readTrace(trace);
  return known === undefined ? [] : [known];
};

/** Spans of runs. With telemetry off, it reads and changes nothing. */
export class RunTraces implements RunTracing {
  readonly #deps: RunTracesDeps;

  constructor(deps: RunTracesDeps) {
    this.#deps = deps;
  }

  async change(before: RunRecord, after: RunRecord): Promise<Change> {
    const { telemetry, soakFacts } = this.#deps;
    const phase = telemetry.on ? endedPhase(before, after) : null;
    if (phase === null) return { run: after, stored: () => {} };
    const { name, startMs, endMs, failed } = phase;
    const soak = await soakFacts.of(after.soakId);
    const span = telemetry.begin(name, { startMs, ...placeOf(name, before, soak) });
    const run = name === 'run.dispatch' ? { ...after, trace: span.trace } : after;
    const stored = (result: RunResult | null) => {
      const attributes = {
        ...attributesOfRun(run, soak?.name ?? null),
        ...(name !== 'run.verdict' || result === null
          ? {}
          : attributesOfVerdict(run, result, soak?.schedule ?? null)),
      };
      span.end({ endMs, attributes, ...(failed === undefined ? {} : { failed }) });
    };
    return { run, stored };
  }

  /**
   * `again`: the effects are repeated; the process that should have performed them died. Most of
   * their jobs are already queued and BullMQ drops the duplicates, so no span is recorded.
   */
  async sending(
    run: RunRecord,
    { queue, jobId }: { queue: string; jobId: string },
    again: boolean,
  ): Promise<Sending> {
    const { telemetry, soakFacts, nowMs } = this.#deps;
    const launch = readTrace(run.trace);
    if (!telemetry.on || again) return { trace: launch, sent: () => {} };
    const soak = await soakFacts.of(run.soakId);
    const startMs = await nowMs();
    const beganMs = performance.now();
    const span = telemetry.begin('job.send', { startMs, parent: launch });
    const attributes = {
      ...attributesOfRun(run, soak?.name ?? null),
      ...messageAttributes('send', queue, jobId),
    };
    const sent = () => span.end({ endMs: startMs + performance.now() - beganMs, attributes });
    return { trace: span.trace, sent };
  }
}
