import type { ProbesRequested } from '@oversoak/contracts';
import type { Queues } from '../queue/queues.ts';
import type { Probes } from '../store/probes.ts';

/**
 * A file of its own, because it needs the store and the queues, which do not know each other.
 *
 * Stores the requests, then notifies the agents. A lost notification is harmless: an agent reads
 * its stored requests whenever it starts or reconnects to Redis.
 */
export async function requestProbes(
  agentIds: readonly string[],
  names: readonly string[],
  {
    probes,
    queues,
    nowMs,
  }: {
    probes: Pick<Probes, 'request'>;
    queues: Pick<Queues, 'probe'>;
    nowMs: () => Promise<number>;
  },
): Promise<ProbesRequested> {
  const requestedAtMs = Math.floor(await nowMs());
  await probes.request(agentIds, names, requestedAtMs);
  await Promise.all(agentIds.map((agentId) => queues.probe(agentId)));
  return { requestedAtMs, requested: agentIds.map((agentId) => ({ agentId, names: [...names] })) };
}
