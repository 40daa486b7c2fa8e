import type { Readable } from 'node:stream';
import type { ProbesRequested, Problem, SoakPlan, SoakSpec } from '@oversoak/contracts';
import type { MetricPoint } from '@oversoak/telemetry';
import type { Redis } from 'ioredis';
import type { Comparisons } from '../comparison/comparisons.ts';
import type { ScheduleTrends } from '../comparison/schedule-trends.ts';
import type { Enrolling } from '../enrolment/enrolling.ts';
import type { Quotas } from '../model/quotas.ts';
import type { RunLimits } from '../model/run-limits.ts';
import type { Agents } from '../store/agents.ts';
import type { Audit } from '../store/audit.ts';
import type { Baselines } from '../store/baselines.ts';
import type { Enrolments } from '../store/enrolments.ts';
import type { Probes } from '../store/probes.ts';
import type { RedisWrites } from '../store/redis-writes.ts';
import type { Runs } from '../store/runs.ts';
import type { Schedules } from '../store/schedules.ts';
import type { RequestKey, Soaks, StoredSoak } from '../store/soaks.ts';
import type { Tokens } from '../store/tokens.ts';
import type { Submission, Submitted } from '../submit/submit.ts';
import type { Imported } from '../transfer/import-soak.ts';

/** What the routes need of the cluster. */
export interface Cluster {
  readonly redis: Redis;
  readonly writes: Pick<RedisWrites, 'refusal' | 'note'>;
  readonly runs: Runs;
  readonly soaks: Soaks;
  readonly agents: Agents;
  readonly baselines: Baselines;
  readonly probes: Probes;
  readonly tokens: Tokens;
  readonly audit: Audit;
  readonly enrolments: Pick<Enrolments, 'telemetrySender'>;
  readonly enrolling: Pick<Enrolling, 'list' | 'enrol' | 'rotate' | 'join' | 'revoke'>;
  readonly limits: RunLimits;
  readonly quotas: Quotas;
  readonly comparisons: Pick<Comparisons, 'two' | 'soak' | 'report' | 'html'>;
  readonly schedules: Schedules;
  readonly trends: ScheduleTrends;
  /** What a soak of the spec would be, or why it cannot be run here. */
  plan(spec: SoakSpec): Promise<SoakPlan | { problems: Problem[] }>;
  /** `owner`: the token or the schedule whose quotas it counts for; the first administrator's. */
  submit(
    spec: SoakSpec,
    submission?: Partial<Omit<Submission, 'account'>> & { owner?: string },
  ): Promise<Submitted>;
  cancel(soak: StoredSoak): Promise<void>;
  /** Stores the soak of a file: all of it or nothing. Throws RequestProblem. */
  import(file: Readable, owner: string): Promise<Imported>;
  /** Requests these probes from these agents, which run them when they have no run. */
  probe(agentIds: readonly string[], names: readonly string[]): Promise<ProbesRequested>;
  /** Updates the ticks of a schedule after it was stored. */
  followSchedule(name: string): Promise<void>;
  /** Submits a soak of the schedule now; null: the schedule does not exist. */
  runSchedule(name: string, request: RequestKey, trace?: string): Promise<Submitted | null>;
  /** Figures of the whole cluster as they are now. */
  figures(): Promise<MetricPoint[]>;
  /** Redis time. */
  nowMs(): Promise<number>;
  /** A readable reason why the run waits for agents; null: it does not. */
  waitingReason(runId: string): Promise<string | null>;
  close(): Promise<void>;
}
