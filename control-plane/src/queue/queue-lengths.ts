import { agentQueue, REPORTS_QUEUE, reportsKey } from '@oversoak/contracts';
import type { Queue } from 'bullmq';
import { DISPATCH_QUEUE, TICKS_QUEUE, WEBHOOKS_QUEUE } from './names.ts';
import { openQueue, type QueueDeps } from './short-jobs.ts';

const OWN_QUEUES = [TICKS_QUEUE, DISPATCH_QUEUE, WEBHOOKS_QUEUE];

/**
 * The number of due jobs that no worker has taken. Delayed timers do not count. `agents` is the sum
 * over the queues of all agents, `run-reports` that over their streams.
 */
export class QueueLengths {
  readonly #deps: QueueDeps;
  readonly #queues = new Map<string, Queue>();

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  /** By queue name. */
  async read(agentIds: readonly string[]): Promise<Map<string, number>> {
    const ofAgents = agentIds.map(agentQueue);
    await this.#keep(new Set([...OWN_QUEUES, ...ofAgents]));
    const own = await Promise.all(
      OWN_QUEUES.map(async (name) => [name, await this.#waiting(name)] as const),
    );
    const agents = await Promise.all(ofAgents.map((name) => this.#waiting(name)));
    const reports = await this.#reports(agentIds);
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
    return new Map([...own, [REPORTS_QUEUE, sum(reports)], ['agents', sum(agents)]]);
  }

  /** Processed reports are deleted. */
  async #reports(agentIds: readonly string[]): Promise<number[]> {
    const pipeline = this.#deps.connection.pipeline();
    for (const agentId of agentIds) pipeline.xlen(reportsKey(agentId));
    return ((await pipeline.exec()) ?? []).map(([error, length]) => {
      if (error !== null) throw error;
      return length as number;
    });
  }

  async #waiting(name: string): Promise<number> {
    const queue = this.#queues.get(name) ?? openQueue(name, this.#deps);
    this.#queues.set(name, queue);
    return await queue.getJobCountByTypes('waiting', 'prioritized');
  }

  /** Closes the queues of deleted agents. */
  async #keep(names: ReadonlySet<string>): Promise<void> {
    const gone = [...this.#queues].filter(([name]) => !names.has(name));
    for (const [name] of gone) this.#queues.delete(name);
    await Promise.all(gone.map(([, queue]) => queue.close()));
  }

  async close(): Promise<void> {
    await this.#keep(new Set());
  }
}
