import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_RENEWAL_MS, type SoakSpec } from '@oversoak/contracts';
import { Allocator } from './dispatch/allocator.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { Queues } from './dispatch/queues.ts';
import { retryFailedReports, startWorkers } from './dispatch/workers.ts';
import type { Log } from './log.ts';
import { RETENTION, type Retention } from './retention/decision.ts';
import { retain } from './retention/retain.ts';
import { cancelSoak } from './run/cancel-soak.ts';
import { LIMITS, type Limits } from './run/deadlines.ts';
import { Driver } from './run/driver.ts';
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
  /** Redis time. */
  nowMs(): Promise<number>;
  submit(spec: SoakSpec, submission?: Partial<Submission>): Promise<Submitted>;
  cancel(soak: StoredSoak): Promise<void>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  redisUrl: string;
  log: Log;
  limits?: Limits;
  retention?: Retention;
  /** How often runs are looked after and the dispatcher tries again unasked. */
  watchEveryMs?: number;
  /** After this control plane lost Redis, or started: how long agents have to renew leases. */
  leaseGraceMs?: number;
}

/** Retention counts in days; two control planes that both sweep find nothing left to do. */
const SWEEP_EVERY_MS = 3_600_000;

/**
 * Everything behind the REST API. All state is in Redis, so any number of these may work on one
 * Redis at the same time, and each may end at any moment. Throws UnfitRedisError.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { redisUrl, log, limits = LIMITS, retention = RETENTION } = options;
  const { watchEveryMs = 1000, leaseGraceMs = 2 * LEASE_RENEWAL_MS } = options;
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
  const dispatcher = new Dispatcher({ runs, soaks, agents, allocator, driver, log });
  const watch = new Watch({ runs, soaks, agents, driver, nowMs, log });

  try {
    await requireFitRedis(redis);
    // Deadlines are moved before any timer or report is taken.
    for (const { run } of await runs.open()) await driver.apply(run.runId, { kind: 'recovered' });
    await retryFailedReports(connection);
  } catch (error) {
    await queues.close();
    disconnect();
    throw error;
  }
  const workers = startWorkers({ connection, runs, driver, queues, dispatcher, nowMs, log });

  const look = async () => {
    await watch.pass(performance.now() - readySinceMs >= leaseGraceMs);
    await dispatcher.pass();
  };
  const stopLooking = every(watchEveryMs, look, log);
  const pinned = async () => new Set<string>();
  const sweep = async () => await retain({ soaks, pinned, retention, nowMs, log });
  const stopSweeping = every(SWEEP_EVERY_MS, sweep, log);

  return {
    redis,
    runs,
    soaks,
    agents,
    nowMs,
    submit: async (spec, given) => {
      const submission: Submission = { origin: { kind: 'submitted' }, request: null, ...given };
      const submitted = await submit(spec, submission, await nowMs(), limits, { soaks, agents });
      if ('soakId' in submitted && submitted.created) await queues.dispatch(submitted.soakId);
      return submitted;
    },
    cancel: (soak) => cancelSoak(soak, { soaks, runs, driver }),
    close: async () => {
      // Commands that wait for a Redis that is away would make the stop wait as well.
      if (redis.status !== 'ready') disconnect();
      await Promise.all([stopLooking(), stopSweeping()]);
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
        if (signal.aborted) return;
        // The next round finds the same work again: all of it is derived from what is stored.
        log.error({ err: error }, 'looking after what is stored failed; trying again');
      }
      await wait(intervalMs, signal);
    }
  };
  const ended = loop();
  return async () => {
    stopping.abort();
    await ended;
  };
}

/** Ends early, and quietly, when the signal comes. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, null, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
