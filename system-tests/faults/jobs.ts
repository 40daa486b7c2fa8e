import { type Abort, agentQueue, QUEUE_PREFIX, type Report, reportsKey } from '@oversoak/contracts';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { redisUrl } from 'oversoak/cluster/redis';
import { PASSWORD } from './redis-process.ts';

type Role = Report['role'];

/** The messages of the cluster, as a network that repeats and reorders them has them. */
export class Jobs {
  readonly #redis: Redis;
  readonly #roles: Readonly<Record<string, Role>>;
  readonly #reported = new Map<string, Report>();
  #sent = 0;

  constructor(redisPort: number, roles: Readonly<Record<string, Role>>) {
    const url = redisUrl(redisPort, PASSWORD);
    // Redis is killed on purpose.
    this.#redis = new Redis(url, { maxRetriesPerRequest: null }).on('error', () => undefined);
    this.#roles = roles;
  }

  /**
   * Every report of the run that was taken, once more, the last one first. The control plane's own
   * hash has them until the run is done.
   */
  async repeatReports(runId: string): Promise<void> {
    const kept = await this.#redis.hgetall(`oversoak:run:${runId}:reports`);
    for (const [part, text] of Object.entries(kept)) {
      this.#reported.set(`${runId} ${part}`, JSON.parse(text) as Report);
    }
    const reports = [...this.#reported.values()].filter((report) => report.runId === runId);
    for (const report of reports.reverse()) await this.#report(report);
  }

  /** Sends every job of the run again, the last one first. */
  async repeatAgentJobs(runId: string): Promise<void> {
    for (const agentId of Object.keys(this.#roles)) await this.#repeat(agentQueue(agentId), runId);
  }

  /** Counts the run's epoch up, as an allocation does. The hash is the control plane's own. */
  async countEpoch(runId: string): Promise<void> {
    await this.#redis.hincrby(`oversoak:run:${runId}`, 'epoch', 1);
  }

  /** What would end the run, were it of its own epoch. */
  async sendOfEpoch(runId: string, epoch: number): Promise<void> {
    const reason = 'of an older epoch';
    for (const [agentId, role] of Object.entries(this.#roles)) {
      const failed: Report = { kind: 'failed', runId, epoch, agentId, role, atMs: 0, reason };
      const abort: Abort = { kind: 'abort', runId, epoch, reason };
      await this.#report(failed);
      await this.#with(agentQueue(agentId), (queue) => queue.add('abort', abort, this.#newId()));
    }
  }

  /** Jobs and reports that nobody could process. */
  async failed(): Promise<string[]> {
    const names = Object.keys(this.#roles).map(agentQueue);
    const found = await Promise.all(
      names.map((name) =>
        this.#with(name, async (queue) =>
          (await queue.getFailed()).map((job) => `${name} ${job.id}: ${job.failedReason}`),
        ),
      ),
    );
    const reports = await this.#redis.xrange('oversoak:reports:dead-letters', '-', '+');
    return [...found.flat(), ...reports.map(([, fields]) => `report: ${fields.join(' ')}`)];
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  async #report(report: Report): Promise<void> {
    const key = reportsKey(report.agentId);
    await this.#redis.xadd(key, '*', 'report', JSON.stringify(report));
  }

  #repeat(name: string, runId: string): Promise<void> {
    return this.#with(name, async (queue) => {
      // The newest first.
      const taken = (await queue.getCompleted()).filter((job) => job.data.runId === runId);
      for (const job of taken) await queue.add(job.name, job.data, this.#newId());
    });
  }

  #newId() {
    this.#sent += 1;
    return { jobId: `again-${this.#sent}` };
  }

  async #with<T>(name: string, work: (queue: Queue) => Promise<T>): Promise<T> {
    const queue = new Queue(name, { connection: this.#redis, prefix: QUEUE_PREFIX });
    queue.on('error', () => undefined);
    try {
      return await work(queue);
    } finally {
      await queue.close();
    }
  }
}
