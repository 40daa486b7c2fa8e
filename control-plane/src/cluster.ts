import type { Authority, RedisTransport, Signal } from '@oversoak/contracts';
import { OFF, type Telemetry } from '@oversoak/telemetry';
import { startBackground } from './background.ts';
import { Comparisons } from './comparison/comparisons.ts';
import { openConnections } from './connections.ts';
import type { Log } from './model/log.ts';
import { DEFAULT_QUOTAS, type Quotas } from './model/quotas.ts';
import { RUN_LIMITS, type RunLimits } from './model/run-limits.ts';
import { RETENTION, type Retention } from './retention/decision.ts';
import type { Cluster } from './routes/cluster.ts';
import { cancelSoak } from './run/cancel-soak.ts';
import { WEBHOOK_RETRIES } from './schedules/deliveries.ts';
import type { SchedulingDeps } from './schedules/scheduling.ts';
import { assembleServices, type Services } from './services.ts';
import { NoAgentUsers } from './store/agent-users.ts';
import { requireFitRedis, UnfitRedisError } from './store/redis.ts';
import { CannotOpen } from './store/sealed-secrets.ts';
import { ClusterMetrics } from './telemetry/cluster-metrics.ts';
import { Importer } from './transfer/importer.ts';
import { startWorkers } from './workers.ts';

/** An agent retries Redis at least every 2 s and then renews its lease at once. */
const LEASE_GRACE_MS = 5_000;

export interface ClusterOptions {
  redisUrl: string;
  redisTransport?: RedisTransport;
  /** Where agents find Redis; default: where the control plane does. */
  agentsRedisUrl?: string | undefined;
  /** Of Redis and the API, for agents that join; default: they know it already. */
  agentsAuthority?: Authority | undefined;
  /** What this control plane passes on for agents that joined; default: nothing. */
  relayedSignals?: readonly Signal[];
  log: Log;
  limits?: RunLimits;
  quotas?: Partial<Quotas>;
  retention?: Retention;
  /** How often active runs are checked, and how often the dispatcher runs without a request. */
  watchEveryMs?: number;
  /** Interval of the reaper, which frees leaked slots and deletes old agents. */
  reapEveryMs?: number;
  /** How long agents have to renew their leases after this control plane started or lost Redis. */
  leaseGraceMs?: number;
  /** How often schedules are checked; BullMQ delivers the ticks themselves. */
  schedulesEveryMs?: number;
  webhookRetries?: SchedulingDeps['retries'];
  /** Addresses that webhooks may call although they are not public; none by default. */
  webhookTargets?: readonly string[];
  /** Seal the secrets of webhooks; without one they are stored as they are. */
  sealingKeys?: readonly string[];
  telemetry?: Telemetry;
  /** How often the cluster's figures are read for telemetry. */
  figuresEveryMs?: number;
}

/**
 * Starts everything behind the REST API. All state is in Redis, so several control planes can share
 * one Redis, and each may stop at any moment. Throws UnfitRedisError.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { redisUrl, redisTransport = {}, limits = RUN_LIMITS, telemetry = OFF } = options;
  const {
    webhookRetries: retries = WEBHOOK_RETRIES,
    webhookTargets = [],
    sealingKeys = [],
  } = options;
  const quotas = { ...DEFAULT_QUOTAS, ...options.quotas };
  const connections = openConnections(redisUrl, options.log, redisTransport);
  const { redis, connection, writes, log, disconnect } = connections;
  const services = assembleServices(connections, {
    ...{ log, limits, quotas, retries, telemetry, writes, webhookTargets, sealingKeys },
    agentsRedisUrl: options.agentsRedisUrl ?? redisUrl,
    agentsAuthority: options.agentsAuthority,
    relayedSignals: options.relayedSignals ?? [],
  });
  const { queues, scheduling } = services;
  try {
    await requireFitRedis(redis);
    await requireSigningKey(services, log);
    await requireAgentUsers(services);
    await recover(services);
  } catch (error) {
    await Promise.all([queues.close(), scheduling.close()]);
    disconnect();
    throw error;
  }
  const comparisons = new Comparisons({ redisUrl, redisTransport, stores: services, quotas });
  const importer = new Importer({ redisUrl, redisTransport, redis, log });
  const workers = startWorkers({ ...services, redis, connection, log, writes });
  await scheduling.sealStored();
  scheduling.start();
  writes.start();
  const figuresEveryMs = options.figuresEveryMs ?? 10_000;
  const { schedules } = scheduling;
  const metrics = new ClusterMetrics({
    ...{ ...services, redis, connection, schedules },
    ...{ telemetry, log, everyMs: figuresEveryMs },
  });
  const stopBackground = startBackground(services, connections, {
    ...{ metrics, figuresEveryMs, log, telemetry, retention: options.retention ?? RETENTION },
    watchEveryMs: options.watchEveryMs ?? 1_000,
    reapEveryMs: options.reapEveryMs ?? 60_000,
    leaseGraceMs: options.leaseGraceMs ?? LEASE_GRACE_MS,
    schedulesEveryMs: options.schedulesEveryMs ?? 60_000,
  });
  const close = async () => {
    importer.close();
    // Commands that wait for an unreachable Redis would block the stop as well.
    if (redis.status !== 'ready') disconnect();
    await stopBackground();
    await workers.close();
    await Promise.all([queues.close(), scheduling.close(), comparisons.close()]);
    disconnect();
  };
  return facade(services, {
    redis,
    writes,
    limits,
    quotas,
    comparisons,
    import: (file, owner) => importer.import(file, { owner, quotas }),
    figures: () => metrics.current(),
    close,
  });
}

/** Throws UnfitRedisError. */
async function requireSigningKey({ signingKey }: Services, log: Log): Promise<void> {
  try {
    await signingKey.privateKey();
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    throw new UnfitRedisError(`the key that signs jobs cannot be opened: ${error.message}`);
  }
  if (signingKey.isUnsealed) {
    log.warn({}, 'the key that signs jobs lies in Redis unsealed: set OVERSOAK_SEALING_KEYS');
  }
}

/** Agents that have joined cannot connect without. Throws UnfitRedisError. */
async function requireAgentUsers({ agentUsers }: Services): Promise<void> {
  try {
    await agentUsers.pass();
  } catch (error) {
    if (!(error instanceof NoAgentUsers)) throw error;
    throw new UnfitRedisError(`agents have joined, but ${error.message}`, { cause: error });
  }
}

/** Moves the deadlines of active runs before any timer or report is processed. */
async function recover({ runs, driver }: Services): Promise<void> {
  for (const { run } of await runs.atWork()) await driver.apply(run.runId, { kind: 'recovered' });
}

/** The interface that the routes use. */
function facade(
  services: Services,
  own: Pick<
    Cluster,
    'redis' | 'writes' | 'limits' | 'quotas' | 'comparisons' | 'import' | 'figures' | 'close'
  >,
): Cluster {
  const { runs, soaks, agents, baselines, probes, tokens, audit, trends, nowMs } = services;
  const { enrolling, enrolments } = services;
  const { driver, dispatcher, scheduling, planSoak, submitSoak, requestProbes } = services;
  return {
    ...own,
    ...{ runs, soaks, agents, baselines, probes, tokens, audit, trends, nowMs },
    ...{ enrolling, enrolments },
    schedules: scheduling.schedules,
    plan: planSoak,
    submit: submitSoak,
    cancel: (soak) => cancelSoak(soak, { soaks, runs, driver }),
    probe: requestProbes,
    waitingReason: (runId) => dispatcher.waitingReason(runId),
    followSchedule: (name) => scheduling.follow(name),
    runSchedule: (name, request, trace) => scheduling.run(name, request, trace),
  };
}
