import type { MetricPoint, Telemetry } from '@oversoak/telemetry';
import type { Redis } from 'ioredis';
import type { ScheduleTrends } from '../comparison/schedule-trends.ts';
import { QueueLengths } from '../queue/queue-lengths.ts';
import type { QueueDeps } from '../queue/short-jobs.ts';
import { lastEnded } from '../schedules/last-ended.ts';
import { findStoppedReason } from '../schedules/stopped-reason.ts';
import type { Agents } from '../store/agents.ts';
import { Cells } from '../store/cells.ts';
import { RegressionCounts } from '../store/regressions.ts';
import type { Runs } from '../store/runs.ts';
import type { Schedules, StoredSchedule } from '../store/schedules.ts';
import type { Soaks } from '../store/soaks.ts';
import { ClusterFigures } from './cluster-figures.ts';
import { LeaderLease } from './leader-lease.ts';
import { Regressions } from './regressions.ts';

export interface ClusterMetricsDeps extends QueueDeps {
  redis: Redis;
  runs: Runs;
  soaks: Soaks;
  agents: Agents;
  schedules: Schedules;
  trends: Pick<ScheduleTrends, 'trend' | 'version'>;
  telemetry: Pick<Telemetry, 'addSource'>;
  nowMs: () => Promise<number>;
  /** Interval of readings. */
  everyMs: number;
}

/** The most schedules reported: the first by name. */
const MAX_SCHEDULES = 100;

/** The lease lasts for this many readings, so late readings or a slow process do not lose it. */
const READINGS_OF_LEASE = 3;
const MIN_LEASE_MS = 15_000;

/** Regressions are computed if a scraper has read within this time. */
const SCRAPED_WITHIN_MS = 300_000;

/** Exports the figures of the whole cluster, from one control plane at a time. */
export class ClusterMetrics {
  readonly #deps: ClusterMetricsDeps;
  readonly #queueLengths: QueueLengths;
  readonly #figures: ClusterFigures;
  readonly #regressions: Regressions;
  #reportedTooMany = false;
  #scrapedAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ClusterMetricsDeps) {
    const { redis, soaks, schedules, trends, everyMs, telemetry } = deps;
    const leaseMs = Math.max(MIN_LEASE_MS, everyMs * READINGS_OF_LEASE);
    const regressionCounts = new RegressionCounts(redis);
    const names = async () => (await this.#schedules()).map(({ schedule }) => schedule.name);
    this.#deps = deps;
    this.#queueLengths = new QueueLengths(deps);
    this.#figures = new ClusterFigures({
      ...{ ...deps, leaseMs, regressionCounts },
      schedules: () => this.#schedules(),
      lastEnded: (name) => lastEnded(name, { schedules, soaks }),
      stopped: (stored, nowMs) => findStoppedReason(stored, schedules, nowMs),
      queueLengths: this.#queueLengths,
      lease: new LeaderLease(redis, leaseMs),
      cells: new Cells(redis),
    });
    this.#regressions = new Regressions({
      ...{ counts: regressionCounts, schedules: names, trends, log: deps.log },
      exports: () => this.#figures.exports || this.#isScraped(),
    });
    // Never removed: the last export includes the last reading, and after that it is too old.
    telemetry.addSource(() => this.#figures.points());
  }

  refresh(): Promise<void> {
    return this.#figures.refresh();
  }

  /** The figures of now, for a scrape. */
  current(): Promise<MetricPoint[]> {
    this.#scrapedAtMs = performance.now();
    return this.#figures.current();
  }

  #isScraped(): boolean {
    return performance.now() - this.#scrapedAtMs < SCRAPED_WITHIN_MS;
  }

  regressions(): Promise<void> {
    return this.#regressions.pass();
  }

  /** The enabled schedules. */
  async #schedules(): Promise<StoredSchedule[]> {
    const { schedules, log } = this.#deps;
    const all = await Promise.all((await schedules.names()).map((name) => schedules.get(name)));
    const enabled = all.flatMap((stored) => (stored?.schedule.enabled ? [stored] : []));
    if (enabled.length > MAX_SCHEDULES && !this.#reportedTooMany) {
      this.#reportedTooMany = true;
      const left = enabled.slice(MAX_SCHEDULES).map(({ schedule }) => schedule.name);
      log.warn(
        { left },
        `telemetry reports the first ${MAX_SCHEDULES} schedules by name and leaves out these`,
      );
    }
    return enabled.slice(0, MAX_SCHEDULES);
  }

  /** Reads once more, so that the last export has the final figures. */
  async close(): Promise<void> {
    try {
      await this.#figures.refresh();
      await this.#figures.release();
    } catch (error) {
      // Redis is unavailable; another control plane takes over after the lease has lapsed.
      this.#deps.log.warn({ err: error }, 'the last figures of the cluster could not be exported');
    }
    await this.#queueLengths.close();
  }
}
