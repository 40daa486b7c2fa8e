import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_RENEWAL_MS, type SoakSpec } from '@oversoak/contracts';
import { Allocator } from './dispatch/allocator.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { Queues } from './dispatch/queues.ts';
import { WaitingRuns } from './dispatch/waiting-runs.ts';
import { retryFailedReports, startWorkers } from './dispatch/workers.ts';
import type { Log } from './log.ts';
import { cancelSoak } from './run/cancel-soak.ts';
import { LIMITS, type Limits } from './run/deadlines.ts';
import { Driver } from './run/driver.ts';
import { Reaper } from './run/reaper.ts';
import { Watch } from './run/watch.ts';
import { Agents } from './store/agents.ts';
import { connect, redisTimeMs, requireFitRedis, type Store } from './store/redis.ts';
import { Runs } from './store/runs.ts';
import { Soaks, type StoredSoak } from './store/soaks.ts';
import { type Submission, type Submitted, submit } from './submit/submit.ts';

/** What the routes need of the cluster. */
export interface Cluster {
  readonly redis: Store;
  readonly runs: Runs;
  readonly soaks: Soaks;
  readonly agents: Agents;
  submit(spec: SoakSpec, submission?: Partial<Submission>): Promise<Submitted>;
  cancel(soak: StoredSoak): Promise<void>;
  /** Why the run waits for agents, for a person; null when it does not. */
  waitingReason(runId: string): Promise<string | null>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  redisUrl: string;
  log: Log;
  limits?: Limits;
  /** How often runs are looked after and the dispatcher tries again unasked. */
  watchEveryMs?: number;
  /** How often what nobody else clears away is cleared away. */
  reapEveryMs?: number;
  /** After this control plane lost Redis, or started: how long agents have to renew leases. */
  leaseGraceMs?: number;
}

/**
 * Everything behind the REST API. All state is in Redis, so any number of these may work on one
 * Redis at the same time, and each may end at any moment. Throws UnfitRedisError.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { redisUrl, log, limits = LIMITS } = options;
  const { watchEveryMs = 1000, reapEveryMs = 60_000 } = options;
  const { leaseGraceMs = 2 * LEASE_RENEWAL_MS } = options;
  const redis = connect(redisUrl);
  const connection = connect(redisUrl);
  let readySinceMs = performance.now();
  for (const each of [redis, connection]) {
    each.on('error', (error) => log.error({ err: error }, 'Redis connection error'));
  }
  redis.on('ready', () => {
    readySinceMs = performance.now();
  });
  const disconnect = () => {
    redis.disconnect();
    connection.disconnect();
  };

  const nowMs = () => redisTimeMs(redis);
  const runs = new Runs(redis);
  const soaks = new Soaks(redis);
  const agents = new Agents(redis);
  const queues = new Queues(connection, log);
  const driver = new Driver({ runs, soaks, queues, nowMs, limits, log });
  const allocator = new Allocator(redis);
  const waitingRuns = new WaitingRuns({ runs, soaks, log });
  const dispatcher = new Dispatcher({
    waitingRuns,
    agents,
    allocator,
    driver,
    nowMs,
    limits,
    log,
  });
  const watch = new Watch({ runs, soaks, agents, driver, nowMs, log });
  const reaper = new Reaper({ runs, agents, queues, nowMs, limits, log });

  try {
    await requireFitRedis(redis);
    // Deadlines are moved before any timer or report is taken.
    for (const { run } of await runs.atWork()) await driver.apply(run.runId, { kind: 'recovered' });
    await retryFailedReports(connection);
  } catch (error) {
    await queues.close();
    disconnect();
    throw error;
  }
  const workers = startWorkers({ connection, runs, driver, queues, dispatcher, nowMs, log });

  const leasesCount = () => performance.now() - readySinceMs >= leaseGraceMs;
  const reap = async () => {
    if (leasesCount()) await reaper.pass();
  };
  const stopWatching = every(watchEveryMs, () => watch.pass(leasesCount()), log);
  const stopDispatching = every(watchEveryMs, () => dispatcher.pass(), log);
  const stopReaping = every(reapEveryMs, reap, log);

  return {
    redis,
    runs,
    soaks,
    agents,
    submit: async (spec, given) => {
      const submission: Submission = { origin: { kind: 'submitted' }, request: null, ...given };
      const submitted = await submit(spec, submission, await nowMs(), limits, { soaks, agents });
      if ('soakId' in submitted && submitted.created) await queues.dispatch(submitted.soakId);
      return submitted;
    },
    cancel: (soak) => cancelSoak(soak, { soaks, runs, driver }),
    waitingReason: (runId) => dispatcher.waitingReason(runId),
    close: async () => {
      // Commands that wait for a Redis that is away would make the stop wait as well.
      if (redis.status !== 'ready') disconnect();
      await Promise.all([stopWatching(), stopDispatching(), stopReaping()]);
      await workers.close();
      await queues.close();
      disconnect();
    },
  };
}

/** Does `work` again and again, never twice at once; the function that it answers ends that. */
function every(intervalMs: number, work: () => Promise<void>, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async () => {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        // The next round finds the same work again: all of it is derived from what is stored.
        if (!signal.aborted)
          log.error({ err: error }, 'looking after the cluster failed; trying on');
      }
      await delay(intervalMs, null, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  };
  const ended = loop();
  return async () => {
    stopping.abort();
    await ended;
  };
}
