import type { MetricPoint } from '@oversoak/telemetry';
import type { QueueLengths } from '../queue/queue-lengths.ts';
import type { LastEnded } from '../schedules/last-ended.ts';
import type { Agents } from '../store/agents.ts';
import type { Cells } from '../store/cells.ts';
import type { RegressionCounts } from '../store/regressions.ts';
import type { Runs } from '../store/runs.ts';
import type { StoredSchedule } from '../store/schedules.ts';
import { agentCounts } from './agent-counts.ts';
import { type ClusterRead, clusterPoints, type ScheduleRead } from './cluster-points.ts';
import type { LeaderLease } from './leader-lease.ts';

export interface ClusterFiguresDeps {
  lease: Pick<LeaderLease, 'hold' | 'sinceMs' | 'release'>;
  cells: Pick<Cells, 'list'>;
  runs: Pick<Runs, 'queueLength' | 'refusedReports'>;
  agents: Pick<Agents, 'list'>;
  queueLengths: Pick<QueueLengths, 'read'>;
  regressionCounts: Pick<RegressionCounts, 'all'>;
  /** The schedules to report. */
  schedules: () => Promise<readonly StoredSchedule[]>;
  lastEnded: (schedule: string) => Promise<LastEnded>;
  /** Why a schedule has stopped making soaks; null: it has not. */
  stopped: (schedule: StoredSchedule, nowMs: number) => Promise<string | null>;
  /** Redis time. */
  nowMs: () => Promise<number>;
  /** Figures older than this are not exported; equals the leader's lease. */
  leaseMs: number;
  /** The machine's monotonic clock. */
  clockMs?: () => number;
}

/**
 * Figures of the whole cluster, read from Redis regularly and exported by one control plane. Their
 * inputs are stored in Redis, so a restart loses nothing.
 */
export class ClusterFigures {
  readonly #deps: ClusterFiguresDeps;
  #points: readonly MetricPoint[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ClusterFiguresDeps) {
    this.#deps = deps;
  }

  /** Whether this control plane exports them. */
  get exports(): boolean {
    return this.#clockMs() - this.#readAtMs < this.#deps.leaseMs;
  }

  /** Empty if another control plane exports them or the figures are too old. */
  points(): readonly MetricPoint[] {
    return this.exports ? this.#points : [];
  }

  /** The current figures, in any control plane: for a scraper. */
  async current(): Promise<MetricPoint[]> {
    return clusterPoints(await this.#read());
  }

  async refresh(): Promise<void> {
    const readStartedAtMs = this.#clockMs();
    if (!(await this.#deps.lease.hold())) {
      this.#readAtMs = Number.NEGATIVE_INFINITY;
      return;
    }
    this.#points = clusterPoints(await this.#read());
    this.#readAtMs = readStartedAtMs;
  }

  /** Releases the lease, so that another control plane can take over at once. */
  async release(): Promise<void> {
    await this.#deps.lease.release();
  }

  #clockMs(): number {
    return (this.#deps.clockMs ?? (() => performance.now()))();
  }

  async #read(): Promise<ClusterRead> {
    const { lease, cells, runs, agents, queueLengths, nowMs } = this.#deps;
    const now = await nowMs();
    const known = await agents.list();
    const queues = await queueLengths.read(known.map(({ registration }) => registration.agentId));
    return {
      sinceMs: await lease.sinceMs(now),
      nowMs: now,
      cells: await cells.list(),
      schedules: await this.#schedules(now),
      agents: agentCounts(known),
      queues: queues.set('soaks', await runs.queueLength()),
      refused: await runs.refusedReports(),
    };
  }

  async #schedules(nowMs: number): Promise<ScheduleRead[]> {
    const { schedules, lastEnded, stopped, regressionCounts } = this.#deps;
    const counts = await regressionCounts.all();
    const reads = [];
    for (const stored of await schedules()) {
      const { name } = stored.schedule;
      const { verdict } = await lastEnded(name);
      const regressions = counts.get(name)?.figures ?? null;
      const isStopped = (await stopped(stored, nowMs)) !== null;
      reads.push({ name, verdict, regressions, stopped: isStopped });
    }
    return reads;
  }
}
