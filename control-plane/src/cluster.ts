import { OFF, type Telemetry } from '@oversoak/telemetry';
import { ScheduleTrends } from './comparison/schedule-trends.ts';
import { Allocator } from './dispatch/allocator.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { WaitingRuns } from './dispatch/waiting-runs.ts';
import type { Log } from './model/log.ts';
import { RUN_LIMITS, type RunLimits } from './model/run-limits.ts';
import { requestProbes } from './probes/ask-probes.ts';
import { Queues } from './queue/queues.ts';
import { RETENTION, type Retention } from './retention/decision.ts';
import { retain } from './retention/retain.ts';
import { every } from './rounds.ts';
import type { Cluster } from './routes/cluster.ts';
import { cancelSoak } from './run/cancel-soak.ts';
import { Driver } from './run/driver.ts';
import { EarlyStop } from './run/early-stop.ts';
import { Reaper } from './run/reaper.ts';
import { Watch } from './run/watch.ts';
import { WEBHOOK_RETRIES } from './schedules/deliveries.ts';
import { Scheduling, type SchedulingDeps } from './schedules/scheduling.ts';
import { Agents } from './store/agents.ts';
import { Baselines } from './store/baselines.ts';
import { Nights } from './store/nights.ts';
import { Probes } from './store/probes.ts';
import { connect, redisTimeMs, requireFitRedis } from './store/redis.ts';
import { Runs } from './store/runs.ts';
import { Soaks } from './store/soaks.ts';
import { type Submission, submit } from './submit/submit.ts';
import { ClusterMetrics } from './telemetry/cluster-metrics.ts';
import { ReportTraces } from './telemetry/report-traces.ts';
import { RunTraces } from './telemetry/run-traces.ts';
import { SoakFactsCache } from './telemetry/soak-facts.ts';
import { retryFailedReports, startWorkers } from './workers.ts';

/** Agents reconnect to Redis at intervals of at most 2 s and then renew their lease at once. */
const LEASE_GRACE_MS = 5_000;

export interface ClusterOptions {
  redisUrl: string;
  log: Log;
  limits?: RunLimits;
  retention?: Retention;
  /** Interval at which `Watch` and the dispatcher check all runs. */
  watchEveryMs?: number;
  /** Interval of the reaper. */
  reapEveryMs?: number;
  /** How long agents have to renew leases after this control plane started or reconnected. */
  leaseGraceMs?: number;
  /** Interval at which schedules are checked, besides their BullMQ ticks. */
  schedulesEveryMs?: number;
  webhookRetries?: SchedulingDeps['retries'];
  telemetry?: Telemetry;
  /** Interval at which telemetry reads the cluster figures. */
  figuresEveryMs?: number;
}

/** Retention works in days, so an hourly sweep is enough. Concurrent sweeps are harmless. */
const SWEEP_EVERY_MS = 3_600_000;

/**
 * Starts everything behind the REST API. All state is in Redis, so several control planes can share
 * one Redis, and each may stop at any moment. Throws UnfitRedisError.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { redisUrl, log, limits = RUN_LIMITS, retention = RETENTION } = options;
  const { watchEveryMs = 1000, reapEveryMs = 60_000 } = options;
  const { leaseGraceMs = LEASE_GRACE_MS } = options;
  const { schedulesEveryMs = 60_000, webhookRetries: retries = WEBHOOK_RETRIES } = options;
  const { telemetry = OFF, figuresEveryMs = 10_000 } = options;
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
  const baselines = new Baselines(redis);
  const probes = new Probes(redis);
  const queues = new Queues({ connection, log });
  const submitSoak: Cluster['submit'] = async (spec, given) => {
    const submission: Submission = { origin: { kind: 'submitted' }, request: null, ...given };
    const deps = { soaks, baselines, agents, telemetry };
    const submitted = await submit(spec, submission, await nowMs(), limits, deps);
    if ('soakId' in submitted && submitted.created) await queues.dispatch(submitted.soakId);
    return submitted;
  };
  const trends = new ScheduleTrends({ nights: new Nights(redis), baselines, runs });
  const stores = { redis, connection, runs, soaks, trends };
  const scheduling = new Scheduling({ ...stores, submit: submitSoak, retries, nowMs, log });
  const { soakEnds } = scheduling;
  const soakFacts = new SoakFactsCache(soaks);
  const traces = new RunTraces({ telemetry, soakFacts, nowMs });
  const driver = new Driver({ runs, soaks, queues, traces, soakEnds, nowMs, limits, log });
  const allocator = new Allocator(redis);
  const waitingRuns = new WaitingRuns({ runs, soaks, log });
  const dispatcher = new Dispatcher({
    waitingRuns,
    agents,
    allocator,
    driver,
    telemetry,
    nowMs,
    limits,
    log,
  });
  const earlyStop = new EarlyStop({ runs, soaks, driver, log });
  const watch = new Watch({ runs, soaks, agents, driver, earlyStop, nowMs, log });
  const reaper = new Reaper({ runs, agents, queues, nowMs, limits, log });

  try {
    await requireFitRedis(redis);
    // Deadlines must be extended before the workers take any timer or report.
    for (const { run } of await runs.atWork()) await driver.apply(run.runId, { kind: 'recovered' });
    await retryFailedReports(connection);
  } catch (error) {
    await Promise.all([queues.close(), scheduling.close()]);
    disconnect();
    throw error;
  }
  const reportTraces = new ReportTraces({ telemetry, runs, soakFacts, nowMs });
  const workers = startWorkers({
    connection,
    runs,
    driver,
    queues,
    dispatcher,
    reportTraces,
    nowMs,
    log,
  });
  scheduling.start();

  const leasesCount = () => performance.now() - readySinceMs >= leaseGraceMs;
  const look = async () => {
    await watch.pass(leasesCount);
    await soakEnds.pass();
  };
  const reap = async () => {
    if (leasesCount()) await reaper.pass();
  };
  const pinned = async () => new Set((await baselines.list()).map(({ soakId }) => soakId));
  const sweep = async () => await retain({ soaks, pinned, retention, nowMs, log });
  const { schedules } = scheduling;
  const metricsDeps = { ...stores, agents, schedules, telemetry, nowMs, log };
  const clusterMetrics = telemetry.on
    ? new ClusterMetrics({ ...metricsDeps, everyMs: figuresEveryMs })
    : null;
  const stopRounds = [
    every(watchEveryMs, look, log),
    every(watchEveryMs, () => dispatcher.pass(), log),
    every(reapEveryMs, reap, log),
    every(SWEEP_EVERY_MS, sweep, log),
    every(schedulesEveryMs, () => scheduling.pass(), log),
    ...(clusterMetrics === null
      ? []
      : [
          every(figuresEveryMs, () => clusterMetrics.refresh(), log),
          every(figuresEveryMs, () => clusterMetrics.regressions(), log),
        ]),
  ];

  return {
    redis,
    runs,
    soaks,
    agents,
    baselines,
    probes,
    limits,
    schedules,
    trends,
    submit: submitSoak,
    cancel: (soak) => cancelSoak(soak, { soaks, runs, driver }),
    probe: (agentIds, names) => requestProbes(agentIds, names, { probes, queues, nowMs }),
    waitingReason: (runId) => dispatcher.waitingReason(runId),
    followSchedule: (name) => scheduling.follow(name),
    runSchedule: (name, request, trace) => scheduling.run(name, request, trace),
    nowMs,
    close: async () => {
      // While Redis is unavailable, pending commands would block the shutdown.
      if (redis.status !== 'ready') disconnect();
      await Promise.all(stopRounds.map((stop) => stop()));
      await clusterMetrics?.close();
      await workers.close();
      await Promise.all([queues.close(), scheduling.close()]);
      disconnect();
    },
  };
}
