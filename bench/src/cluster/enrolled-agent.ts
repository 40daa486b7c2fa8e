import {
  type AgentIdentity,
  type AgentJob,
  type Assign,
  agentQueue,
  LEASE_MS,
  leaseKey,
  QUEUE_PREFIX,
  type Report,
  registrationKey,
  reportsKey,
  type SentJob,
  samplesKey,
} from '@oversoak/contracts';
import { environment, registration } from '@oversoak/testing/builders/made-agents';
import {
  fleetFigures,
  fleetResult,
  serverFigures,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** As an agent renews it. */
const LEASE_EVERY_MS = LEASE_MS / 3;
const SAMPLE_EVERY_MS = 1_000;
const PORT = 5000;

/** What all parts report, made once: thousands of them share one process. */
const RESULTS = { server: serverResult(), fleet: fleetResult() };
const FIGURES = { server: serverPart(), fleet: fleetPart() };

function serverPart(): string {
  const { histograms: _, ...server } = serverFigures(20);
  return JSON.stringify({ server }).slice(1, -1);
}

function fleetPart(): string {
  const { measured, ...figures } = fleetFigures(20);
  const { latency, stages: _, ...load } = measured;
  const fleet = { ...figures, measured: load };
  return JSON.stringify({ fleet, intervalLatency: latency }).slice(1, -1);
}

/** A part of a run that this agent holds. */
interface Part {
  assign: Assign;
  timers: NodeJS.Timeout[];
}

/**
 * What a control plane sees of an agent that joined: its lease, its reports, and a sample each second
 * of each part. It runs nothing, so that two thousand of them fit on the machine of a bench.
 */
export class EnrolledAgent {
  readonly #agentId: string;
  readonly #redis: Redis;
  readonly #worker: Worker<SentJob>;
  readonly #slots: number;
  readonly #parts = new Map<string, Part[]>();
  #renewing: NodeJS.Timeout | undefined;

  constructor({ agentId, redis: access }: AgentIdentity, slots: number) {
    this.#agentId = agentId;
    this.#slots = slots;
    this.#redis = new Redis(access.url, {
      ...{ username: access.user, password: access.password },
      ...{ maxRetriesPerRequest: null, disableClientInfo: true },
    });
    this.#worker = new Worker<SentJob>(agentQueue(agentId), ({ data }) => this.#take(data), {
      connection: this.#redis,
      prefix: QUEUE_PREFIX,
      removeOnComplete: { age: 60, count: 10 },
    });
    this.#worker.on('error', (error) => console.error(agentId, error.message));
  }

  async start(): Promise<void> {
    await this.#worker.waitUntilReady();
    const made = registration(this.#agentId, { slots: this.#slots });
    await this.#redis.set(registrationKey(this.#agentId), JSON.stringify(made));
    const renew = () => this.#redis.set(leaseKey(this.#agentId), made.incarnation, 'PX', LEASE_MS);
    await renew();
    this.#renewing = setInterval(() => void renew(), LEASE_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#renewing);
    for (const runId of this.#parts.keys()) this.#end(runId);
    await this.#worker.close(true);
    this.#redis.disconnect();
  }

  async #take({ proof: _, ...data }: SentJob): Promise<void> {
    const job = data as AgentJob;
    if (job.kind === 'assign') return await this.#prepare(job);
    if (job.kind === 'start') {
      for (const part of this.#parts.get(job.runId) ?? []) await this.#begin(part, job.startAtMs);
    }
    if (job.kind === 'abort') {
      for (const { assign } of this.#parts.get(job.runId) ?? []) {
        await this.#report({ kind: 'aborted', ...this.#of(assign), reason: job.reason });
      }
      this.#end(job.runId);
    }
  }

  async #prepare(assign: Assign): Promise<void> {
    const before = this.#parts.get(assign.runId) ?? [];
    this.#parts.set(assign.runId, [...before, { assign, timers: [] }]);
    await this.#report({
      kind: 'prepared',
      ...this.#of(assign),
      ...{ environment: environment(), clockOffsetMs: 0 },
      ...(assign.part.role === 'server' ? { port: PORT } : {}),
    });
  }

  async #begin({ assign, timers }: Part, startAtMs: number): Promise<void> {
    await this.#report({ kind: 'started', ...this.#of(assign) });
    const { rampUpSeconds, warmUpSeconds, measureSeconds } = assign.phases;
    const lastsMs = (rampUpSeconds + warmUpSeconds + measureSeconds) * 1000;
    const from = JSON.stringify({ ...this.#of(assign), phase: 'measuring' }).slice(0, -1);
    const figures = FIGURES[assign.part.role];
    const sample = setInterval(() => {
      const sinceStartSeconds = Math.max(0, (Date.now() - startAtMs) / 1000);
      const text = `${from},"sinceStartSeconds":${sinceStartSeconds},${figures}}`;
      void this.#redis.xadd(samplesKey(this.#agentId), '*', 'sample', text);
    }, SAMPLE_EVERY_MS);
    const end = setTimeout(
      () => {
        this.#end(assign.runId);
        const result = RESULTS[assign.part.role];
        void this.#report({ kind: 'finished', ...this.#of(assign), result });
      },
      startAtMs + lastsMs - Date.now(),
    );
    timers.push(sample, end);
  }

  /** Of a run, whose parts on one agent end together. */
  #end(runId: string): void {
    for (const { timers } of this.#parts.get(runId) ?? [])
      for (const one of timers) clearTimeout(one);
    this.#parts.delete(runId);
  }

  #of({ runId, epoch, part }: Assign) {
    return { runId, epoch, agentId: this.#agentId, role: part.role, atMs: 0 };
  }

  async #report(report: Report): Promise<void> {
    await this.#redis.xadd(reportsKey(this.#agentId), '*', 'report', JSON.stringify(report));
  }
}
