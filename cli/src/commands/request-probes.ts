import type { AgentProbes } from '@oversoak/contracts';
import type { ApiClient } from '../api/client.ts';
import type { ProbesProgress } from '../view/probes-progress.ts';
import { followProbes } from '../watch/follow-probes.ts';

/** Both agents of an embedded cluster are on the same machine, so one of them suffices. */
export const OWN_AGENT = 'agent-a';

/** Requests probes and shows the progress until all are answered. */
export async function requestProbes(
  client: Pick<ApiClient, 'probe' | 'probesOf'>,
  request: { agents?: readonly string[]; names?: readonly string[] },
  progress: ProbesProgress,
  signal: AbortSignal,
): Promise<AgentProbes[]> {
  try {
    return await followProbes(client, await client.probe(request, signal), progress, signal);
  } finally {
    progress.stop();
  }
}
