import {
  AGENTS_KEY,
  type AgentJob,
  type Assign,
  agentQueue,
  type FleetFigures,
  LEASE_MS,
  leaseKey,
  probeAnswersKey,
  probeRequestsKey,
  QUEUE_PREFIX,
  type Registration,
  type Report,
  registrationKey,
  reportsKey,
  type Sample,
  type SentJob,
  samplesKey,
  withOwnCjson,
} from '@oversoak/contracts';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { environment, registration } from '../builders/made-agents.ts';
import {
  fleetFigures,
  fleetResult,
  probeAnswer,
  serverFigures,
  serverResult,
} from '../builders/made-figures.ts';

/** What a simulated agent does with a job; a test changes it at any time. */
export interface Behaviour {
  assign: 'prepare' | 'fail' | 'silent';
  start: 'finish' | 'crash' | 'silent';
  abort: 'acknowledge' | 'silent';
  probe: 'answer' | 'silent';
}

/** Records the jobs that it received, in order. */
export class SimulatedAgent {
  readonly registration: Registration;
  readonly behaviour: Behaviour = {
    assign: 'prepare',
    start: 'finish',
    abort: 'acknowledge',
    probe: 'answer',
  };
  readonly jobs: AgentJob[] = [];
  readonly #redis: Redis;
  readonly #worker: Worker<SentJob>;
  readonly #assigned = new Map<string, Assign[]>();
  readonly #ending = new Map<string, NodeJS.Timeout>();

  private constructor(url: string, made: Registration) {
    this.registration = made;
    this.#redis = withOwnCjson(new Redis(url, { maxRetriesPerRequest: null }));
    const options = { connection: this.#redis, prefix: QUEUE_PREFIX };
    // What the proof proves is not its business.
    const take = ({ data: { proof: _, ...job } }: { data: SentJob }) => this.#take(job as AgentJob);
    this.#worker = new Worker<SentJob>(agentQueue(made.agentId), take, options);
  }

  static async start(
    url: string,
    agentId: string,
    changes: Partial<Registration> = {},
  ): Promise<SimulatedAgent> {
    const agent = new SimulatedAgent(url, registration(agentId, changes));
    await agent.register();
    await agent.#worker.waitUntilReady();
    return agent;
  }

  async register(): Promise<void> {
    const { agentId, incarnation } = this.registration;
    await this.#redis.sadd(AGENTS_KEY, agentId);
    await this.#redis.set(registrationKey(agentId), JSON.stringify(this.registration));
    // Longer than any test: only what a test does to a lease ends it.
    await this.#redis.set(leaseKey(agentId), incarnation, 'PX', LEASE_MS * 60);
  }

  async loseLease(): Promise<void> {
    await this.#redis.del(leaseKey(this.registration.agentId));
  }

  /** Reports as an agent does: in its own stream, whatever the report says. */
  async report(report: Report): Promise<void> {
    const key = reportsKey(this.registration.agentId);
    await this.#redis.xadd(key, '*', 'report', JSON.stringify(report));
  }

  received(kind: AgentJob['kind']): AgentJob[] {
    return this.jobs.filter((job) => job.kind === kind);
  }

  from(assign: Assign) {
    const { runId, epoch, part } = assign;
    return { runId, epoch, agentId: this.registration.agentId, role: part.role, atMs: 0 };
  }

  async #take(job: AgentJob): Promise<void> {
    this.jobs.push(job);
    if (job.kind === 'probe') return await this.#answerProbes();
    const parts = this.#assigned.get(job.runId) ?? [];
    if (job.kind === 'assign') {
      this.#assigned.set(job.runId, [...parts, job]);
      return await this.#answer(job);
    }
    if (job.kind === 'start') {
      for (const part of parts) await this.#begin(part, job.startAtMs);
      return;
    }
    clearTimeout(this.#ending.get(job.runId));
    if (this.behaviour.abort === 'silent') return;
    for (const part of parts) {
      await this.report({ kind: 'aborted', ...this.from(part), reason: job.reason });
    }
  }

  async #answerProbes(): Promise<void> {
    if (this.behaviour.probe === 'silent') return;
    const { agentId } = this.registration;
    for (const name of await this.#redis.hkeys(probeRequestsKey(agentId))) {
      const answer = probeAnswer(agentId, name);
      await this.#redis
        .multi()
        .hset(probeAnswersKey(agentId), name, JSON.stringify(answer))
        .hdel(probeRequestsKey(agentId), name)
        .exec();
    }
  }

  async #answer(assign: Assign): Promise<void> {
    const { assign: todo } = this.behaviour;
    if (todo === 'prepare') await this.prepare(assign);
    if (todo !== 'fail') return;
    await this.report({ kind: 'failed', ...this.from(assign), reason: 'the port is taken' });
  }

  async prepare(assign: Assign): Promise<void> {
    const from = this.from(assign);
    await this.report({
      kind: 'prepared',
      ...from,
      environment: environment(),
      clockOffsetMs: 0.5,
      ...(from.role === 'server' ? { port: 5000 } : {}),
    });
  }

  async #begin(assign: Assign, startAtMs: number): Promise<void> {
    const from = this.from(assign);
    await this.report({ kind: 'started', ...from });
    await this.sample(assign);
    const { start: todo } = this.behaviour;
    if (todo === 'silent') return;
    const { rampUpSeconds, warmUpSeconds, measureSeconds } = assign.phases;
    const endAtMs = startAtMs + (rampUpSeconds + warmUpSeconds + measureSeconds) * 1000;
    const end = setTimeout(() => void this.end(assign), endAtMs - Date.now());
    this.#ending.set(assign.runId, end);
  }

  /** Ends its parts of a run now, as they would have ended in time. */
  async finish(runId: string): Promise<void> {
    for (const part of this.#assigned.get(runId) ?? []) await this.end(part);
  }

  async end(assign: Assign): Promise<void> {
    const from = this.from(assign);
    if (this.behaviour.start === 'crash') {
      const exitCode = 0xc0000005;
      await this.report({ kind: 'failed', ...from, reason: 'host process ended', exitCode });
      return;
    }
    const result = from.role === 'server' ? serverResult() : fleetResult();
    await this.report({ kind: 'finished', ...from, result });
  }

  /** Writes a sample as the fleet or the server of a run, with these errors so far. */
  async sample(
    assign: Assign,
    sinceStartSeconds = 1,
    errors: Partial<FleetFigures['errors']> = {},
  ): Promise<void> {
    const { measured, ...figures } = fleetFigures(20, { errors });
    const { latency, stages: _, ...load } = measured;
    const fleet = { ...figures, measured: load };
    const { histograms: __, ...server } = serverFigures(20);
    const from = this.from(assign);
    const part = from.role === 'server' ? { server } : { fleet, intervalLatency: latency };
    const sample: Sample = { ...from, phase: 'measuring', sinceStartSeconds, ...part };
    await this.#redis.xadd(
      samplesKey(this.registration.agentId),
      '*',
      'sample',
      JSON.stringify(sample),
    );
  }

  async stop(): Promise<void> {
    for (const timer of this.#ending.values()) clearTimeout(timer);
    await this.#worker.close();
    this.#redis.disconnect();
  }
}
