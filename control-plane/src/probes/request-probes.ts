import type { ProbesRequested } from '@oversoak/contracts';
import { UnusableAgentKeys } from '../model/agent-keys.ts';
import type { Log } from '../model/log.ts';
import type { Queues } from '../queue/queues.ts';
import type { Probes } from '../store/probes.ts';

/**
 * A file of its own, because it needs the store and the queues, which do not know each other.
 *
 * Stores the requests, then notifies the agents. A lost notification is harmless: an agent reads
 * its stored requests whenever it starts or reconnects to Redis. An agent whose keys take no request
 * is left out.
 */
export async function requestProbes(
  agentIds: readonly string[],
  names: readonly string[],
  {
    probes,
    queues,
    nowMs,
    log,
  }: {
    probes: Pick<Probes, 'request'>;
    queues: Pick<Queues, 'probe'>;
    nowMs: () => Promise<number>;
    log: Log;
  },
): Promise<ProbesRequested> {
  const requestedAtMs = Math.floor(await nowMs());
  const requested = agentIds.map(async (agentId) => {
    try {
      await probes.request(agentId, names, requestedAtMs);
      await queues.probe(agentId);
      return [{ agentId, names: [...names] }];
    } catch (error) {
      if (!(error instanceof UnusableAgentKeys)) throw error;
      log.warn({ agentId, err: error }, 'probes cannot be requested of an agent');
      return [];
    }
  });
  return { requestedAtMs, requested: (await Promise.all(requested)).flat() };
}
