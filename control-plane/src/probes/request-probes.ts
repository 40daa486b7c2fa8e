import type { ProbesRequested } from '@oversoak/contracts';
import type { Queues } from '../queue/queues.ts';
import type { Probes } from '../store/probes.ts';

/**
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
    probes: Pick<Probes, 'ask'>;
    queues: Pick<Queues, 'probe'>;
    nowMs: () => Promise<number>;
  },
): Promise<ProbesRequested> {
  const askedAtMs = Math.floor(await nowMs());
  await probes.ask(agentIds, names, askedAtMs);
  await Promise.all(agentIds.map((agentId) => queues.probe(agentId)));
  return { askedAtMs, asked: agentIds.map((agentId) => ({ agentId, names: [...names] })) };
}
