import { agentQueue, REPORTS_QUEUE, reportsKey } from '@oversoak/contracts';
import type { Queue } from 'bullmq';
import { UnusableAgentKeys, withKeysOf } from '../model/agent-keys.ts';
import { DISPATCH_QUEUE, TICKS_QUEUE, WEBHOOKS_QUEUE } from './names.ts';
import { openQueue, type QueueDeps } from './short-jobs.ts';

const OWN_QUEUES = [TICKS_QUEUE, DISPATCH_QUEUE, WEBHOOKS_QUEUE];
const LINE_EVERY_MS = 60_000;

/**
 * The number of due jobs that no worker has taken. Delayed timers do not count. `agents` is the sum
 * over the queues of all agents, `run-reports` that over their streams. An agent whose keys cannot be
 * read counts for nothing, and is in the log.
 */
export class QueueLengths {
  readonly #deps: QueueDeps;
  readonly #queues = new Map<string, Queue>();
  #lineAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  /** By queue name. */
  async read(agentIds: readonly string[]): Promise<Map<string, number>> {
    await this.#keep(new Set([...OWN_QUEUES, ...agentIds.map(agentQueue)]));
    const own = await Promise.all(
      OWN_QUEUES.map(async (name) => [name, await this.#waiting(name)] as const),
    );
    const agents = await this.#sum(agentIds, (agentId) => this.#waiting(agentQueue(agentId)));
    // Processed reports are deleted.
    const pipeline = this.#deps.connection.pipeline();
    for (const agentId of agentIds) pipeline.xlen(reportsKey(agentId));
    const lengths = (await pipeline.exec()) ?? [];
    const reports = await this.#sum(agentIds, async (_, index) => {
      const [error, length] = lengths[index] ?? [null, 0];
      if (error !== null) throw error;
      return length as number;
    });
    return new Map([...own, [REPORTS_QUEUE, reports], ['agents', agents]]);
  }

  async #sum(
    agentIds: readonly string[],
    countOf: (agentId: string, index: number) => Promise<number>,
  ): Promise<number> {
    const counts = agentIds.map((agentId, index) =>
      withKeysOf(agentId, countOf(agentId, index)).catch((error: unknown) => {
        if (!(error instanceof UnusableAgentKeys)) throw error;
        this.#leftOut(error);
        return 0;
      }),
    );
    return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
  }

  #leftOut(error: UnusableAgentKeys): void {
    const now = performance.now();
    if (now - this.#lineAtMs < LINE_EVERY_MS) return;
    this.#lineAtMs = now;
    const { agentId } = error;
    this.#deps.log.warn({ agentId, err: error }, 'left an agent out of the lengths of queues');
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
