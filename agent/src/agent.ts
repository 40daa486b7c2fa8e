import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  type AllowedPlugin,
  type Environment,
  type ProbeAnswer,
  probePlatform,
  type Registration,
  reportsKey,
} from '@oversoak/contracts';
import { startTelemetry, type Telemetry } from '@oversoak/telemetry';
import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { AgentConfig } from './config.ts';
import { gatherEnvironment } from './host/environment.ts';
import { type ForkHost, forkHost } from './host/host-process.ts';
import { sortedPlugins } from './host/library-system.ts';
import { ANY_JOB, signedJobs } from './identity/job-check.ts';
import { jobWorker } from './job-worker.ts';
import { log, messageOf } from './log/log.ts';
import { ProbeStore } from './probes/probe-store.ts';
import { quickProbes, type TimedAnswer } from './probes/quick-probes.ts';
import { RequestedProbes } from './probes/requested-probes.ts';
import { withdraw } from './probes/withdraw.ts';
import { commandClient, untilReady, workerClient } from './redis/redis.ts';
import { RedisClock } from './redis/redis-clock.ts';
import { type AgentIdInUse, Lease, RENEWALS } from './redis/registration.ts';
import { Samples } from './redis/samples.ts';
import { Reports } from './reports/reports.ts';
import { Spool } from './reports/spool.ts';
import { Assignments } from './slots/assignments.ts';
import { listenHost } from './slots/listen-host.ts';
import { clientPorts, readPortRange } from './slots/port-budget.ts';
import { AgentTelemetry } from './telemetry/agent-telemetry.ts';
import { version } from './version.ts';

/** Bounds of an orderly stop. With the 1.5 s that a host process may take they stay under 5 s. */
const WORKER_CLOSE_MS = 1_000;
const REPORTS_CLOSE_MS = 1_000;
const LEASE_RELEASE_MS = 500;
const STOP_REASON = 'the agent was stopped';

export interface Agent {
  readonly registration: Registration;
  readonly assignments: Pick<Assignments, 'refused' | 'live'>;
  readonly reports: Pick<Reports, 'counts' | 'backlog'>;
  readonly samples: Pick<Samples, 'counts'>;
  /**
   * Refuses new jobs, aborts running parts and releases the lease. A second call returns the same
   * promise.
   */
  stop(): Promise<void>;
}

export interface AgentOptions {
  /** Called when another agent has taken the id; this agent must stop. */
  onLeaseLost?: (error: AgentIdInUse) => void;
  fork?: ForkHost;
}

/**
 * Resolves once the agent is registered and takes jobs. Waits while Redis is unreachable.
 * @throws AgentIdInUse; Error when the engine does not work on this machine, or an OpenTelemetry
 *   variable has an invalid value.
 */
export async function startAgent(config: AgentConfig, options: AgentOptions = {}): Promise<Agent> {
  const fork = options.fork ?? forkHost;
  // Redis time, once the offset has been measured.
  let nowMs: () => number = Date.now;
  const [{ environment, quickAnswers }, telemetry] = await Promise.all([
    prove(fork, config.engine),
    startTelemetry({
      name: 'oversoak-agent',
      version,
      instanceId: config.agentId,
      warn: (text) => log('warn', text),
      now: () => nowMs(),
      receiver: config.receiver,
    }),
  ]);
  const { agentId, labels, slots, advertisedHost, allowsFaults, targets, identity } = config;
  const plugins = loadablePlugins(config);
  const ports = clientPorts(await readPortRange(environment.capabilities));
  const registration: Registration = {
    agentId,
    incarnation: randomUUID(),
    labels,
    slots,
    advertisedHost,
    allowsFaults,
    targets,
    plugins: plugins.map(({ file, sha256 }) => ({ file, sha256 })),
    clientPorts: ports,
    environment,
  };
  // Opened before Redis is contacted, so that an unwritable folder is refused at once.
  const spool = new Spool(join(config.spoolDir, agentId));

  const redis = commandClient(config, config.leaseMs / RENEWALS);
  const workerRedis = workerClient(config);
  const clock = new RedisClock(redis);
  const onLost = (error: AgentIdInUse) => {
    log('error', error.message);
    options.onLeaseLost?.(error);
  };
  const isEnrolled = identity !== undefined;
  const lease = new Lease(redis, registration, { leaseMs: config.leaseMs, isEnrolled }, onLost);
  try {
    await untilReady(redis);
    await lease.acquire();
    await clock.start();
  } catch (error) {
    redis.disconnect();
    workerRedis.disconnect();
    await telemetry.close();
    throw error;
  }
  nowMs = () => clock.nowMs();

  const platform = probePlatform(environment);
  const agentTelemetry = new AgentTelemetry(telemetry, config, clock, {
    agentId,
    platform: platform.system,
  });
  const reports = new Reports(spool, async (id, report) => {
    const text = JSON.stringify(report);
    const messageId = await redis.xadd(reportsKey(agentId), '*', 'report', text);
    agentTelemetry.reportSpans.delivered(id, messageId ?? id);
  });
  const samples = new Samples(redis, agentId);
  const probeStore = new ProbeStore(redis, agentId);
  const keepAnswer = (answer: ProbeAnswer, atMs: number) =>
    probeStore.add({ ...answer, agentId, atMs, platform });
  for (const { answer, atMachineMs } of quickAnswers) {
    keepAnswer(answer, Math.round(clock.toRedisMs(atMachineMs)));
  }
  const probes = new RequestedProbes({
    engine: config.engine,
    fork,
    store: probeStore,
    nowMs: () => clock.nowMs(),
    answered: (answer) => keepAnswer(answer, clock.nowMs()),
  });
  const deliver = () => {
    reports.deliver();
    samples.deliver();
    probeStore.deliver();
    probes.look();
  };
  redis.on('ready', () => {
    // Renew the lease first: control planes check leases soon after Redis is back.
    void lease.renew();
    deliver();
  });
  deliver();
  const assignments = new Assignments(
    {
      agentId,
      incarnation: registration.incarnation,
      environment,
      targets: config.targets,
      peers: config.peers,
      plugins,
      listenHost: listenHost(config.advertisedHost),
      engine: config.engine,
      fork,
      clock,
      telemetry: agentTelemetry,
      report: (report) => reports.add(report),
      sample: (sample) => samples.add(sample),
    },
    { slots, ports, allowsFaults },
    (has) => probes.hasRuns(has),
  );
  const check = identity === undefined ? ANY_JOB : signedJobs(identity, () => clock.nowMs());
  const worker = jobWorker(agentId, workerRedis, assignments, probes, agentTelemetry, check);
  await worker.waitUntilReady();

  const parts: Parts = {
    ...{ redis, workerRedis, worker, clock, lease, assignments, probes, reports, samples },
    telemetry,
  };
  let stopped: Promise<void> | undefined;
  return {
    registration,
    assignments,
    reports,
    samples,
    stop: () => {
      stopped ??= stopAll(parts);
      return stopped;
    },
  };
}

/** Those that the agent offers; the others are logged. */
function loadablePlugins({ plugins }: AgentConfig): AllowedPlugin[] {
  const { own, foreign } = sortedPlugins(plugins, process);
  if (foreign.length > 0) log('info', 'plug-ins for other systems are left out', { foreign });
  return own;
}

/** The machine's registration without the notifiers whose probes failed. */
async function prove(
  fork: ForkHost,
  engine: string,
): Promise<{ environment: Environment; quickAnswers: TimedAnswer[] }> {
  const gathered = await gatherEnvironment(fork, engine);
  const { environment } = gathered;
  const quickAnswers = await quickProbes(gathered.fork, engine);
  const answers = quickAnswers.map(({ answer }) => answer);
  const capabilities = withdraw(environment.capabilities, answers);
  return { environment: { ...environment, capabilities }, quickAnswers };
}

interface Parts {
  redis: Redis;
  workerRedis: Redis;
  worker: Worker;
  clock: RedisClock;
  lease: Lease;
  assignments: Assignments;
  probes: RequestedProbes;
  reports: Reports;
  samples: Samples;
  telemetry: Telemetry;
}

async function stopAll(parts: Parts): Promise<void> {
  const { redis, workerRedis, worker, clock, lease, reports, samples } = parts;
  log('info', 'stopping');
  await Promise.all([
    parts.assignments.stop(STOP_REASON),
    parts.probes.stop(),
    closeWorker(worker, workerRedis.status === 'ready'),
  ]);
  samples.close();
  await reports.close(REPORTS_CLOSE_MS);
  // Telemetry has its own bound. It closes in parallel, so that it does not lengthen the stop.
  const telemetryClosed = parts.telemetry.close();
  await bounded('releasing the lease', lease.release(), LEASE_RELEASE_MS);
  clock.stop();
  workerRedis.disconnect();
  redis.disconnect();
  await telemetryClosed;
  log('info', 'stopped');
}

/**
 * Lets the worker finish its job first, which waits on its blocked connection for as long as Redis is
 * unreachable. A close that waits for that itself keeps its timers, and cannot be forced any more.
 */
async function closeWorker(worker: Worker, withRedis: boolean): Promise<void> {
  if (withRedis) await bounded('finishing the last job', worker.pause(), WORKER_CLOSE_MS);
  await bounded('closing the worker', worker.close(true), WORKER_CLOSE_MS);
}

/** Logs a step of the stop that fails or exceeds its bound, and continues. */
async function bounded(what: string, step: Promise<unknown>, withinMs: number): Promise<void> {
  const bound = Promise.withResolvers<string>();
  const timer = setTimeout(() => bound.resolve(`took more than ${withinMs} ms`), withinMs);
  const problem = await Promise.race([step.then(() => null, messageOf), bound.promise]);
  clearTimeout(timer);
  if (problem !== null) log('warn', `${what} failed`, { reason: problem });
}
