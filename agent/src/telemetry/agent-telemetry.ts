import { type Assign, agentQueue, type Report, type RunJob } from '@oversoak/contracts';
import { type Attributes, messageAttributes, type Telemetry } from '@oversoak/telemetry';
import type { RedisClock } from '../redis/redis-clock.ts';
import { fenceAttributes, partAttributes, type Whose } from './part-attributes.ts';
import { PartTelemetry, type TelemetrySettings } from './part-telemetry.ts';
import { ReportSpans } from './report-spans.ts';

/** The agent's telemetry beside its reports: jobs, parts, and reports in flight. */
export class AgentTelemetry {
  readonly reportSpans: ReportSpans;
  readonly #telemetry: Telemetry;
  readonly #settings: TelemetrySettings;
  readonly #clock: Pick<RedisClock, 'nowMs' | 'toRedisMs'>;
  readonly #whose: Whose;

  constructor(
    telemetry: Telemetry,
    settings: TelemetrySettings,
    clock: Pick<RedisClock, 'nowMs' | 'toRedisMs'>,
    whose: Whose,
  ) {
    this.#telemetry = telemetry;
    this.#settings = settings;
    this.#clock = clock;
    this.#whose = whose;
    this.reportSpans = new ReportSpans(telemetry, () => clock.nowMs());
  }

  part(assign: Assign, trace: string | undefined): PartTelemetry {
    const context = {
      ...this.#whose,
      telemetry: this.#telemetry,
      settings: this.#settings,
      clock: this.#clock,
      reportSpans: this.reportSpans,
    };
    return new PartTelemetry(context, assign, trace);
  }

  /** Adds a trace to a report about a part that this agent does not have. */
  stray(report: Report, job: RunJob): Report {
    const { agentId, platform } = this.#whose;
    const known =
      job.kind === 'assign'
        ? partAttributes(job, this.#whose)
        : {
            ...fenceAttributes(job),
            'oversoak.agent.id': agentId,
            'oversoak.platform': platform,
            'oversoak.role': report.role,
          };
    return this.reportSpans.begin(report, known, { parent: job.trace });
  }

  /**
   * Processes a job inside its span.
   * @param assignOf returns what the agent knows about the job's run; a start carries only its id
   * @param take returns why it refuses the job, or null
   */
  async process(
    { id, job }: { id: string; job: RunJob },
    assignOf: (runId: string) => Assign | undefined,
    take: (trace: string | undefined) => Promise<string | null>,
  ): Promise<void> {
    const span = this.#telemetry.begin('job.process', {
      startMs: this.#clock.nowMs(),
      parent: job.trace,
    });
    const end = (errorType: string | null, failed?: string) =>
      span.end({
        endMs: this.#clock.nowMs(),
        attributes: {
          ...this.#known(job, assignOf),
          ...messageAttributes('process', agentQueue(this.#whose.agentId), id),
          ...(errorType === null ? {} : { 'error.type': errorType }),
        },
        ...(failed === undefined ? {} : { failed }),
      });
    try {
      end(await take(this.#telemetry.on ? span.trace : undefined));
    } catch (error) {
      end(error instanceof Error ? error.name : 'unknown', String(error));
      throw error;
    }
  }

  #known(job: RunJob, assignOf: (runId: string) => Assign | undefined): Attributes {
    const assign = job.kind === 'assign' ? job : assignOf(job.runId);
    if (assign !== undefined) {
      // The assignment may be of an older allocation, but never of another run.
      return { ...partAttributes(assign, this.#whose), ...fenceAttributes(job) };
    }
    const { agentId, platform } = this.#whose;
    return {
      ...fenceAttributes(job),
      'oversoak.agent.id': agentId,
      'oversoak.platform': platform,
    };
  }
}
