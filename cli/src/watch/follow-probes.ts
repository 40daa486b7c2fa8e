import { setTimeout as delay } from 'node:timers/promises';
import type { AgentProbes, ProbesRequested } from '@oversoak/contracts';
import { reasonOf } from '../shell/failure.ts';
import { type ApiAway, patiently } from './patient.ts';

const POLL_MS = 500;

/** The part of the API client that following probes needs. */
export interface ProbeSource {
  probesOf(agentId: string, signal?: AbortSignal): Promise<AgentProbes>;
}

export interface ProbeListener {
  probes(probes: AgentProbes): void;
  /** The API did not respond; the request is repeated. */
  unreachable(error: ApiAway): void;
}

/**
 * Follows requested probes until each agent has answered or is lost. Resolves with the agents in
 * request order; rejects with the signal's reason when that is aborted.
 */
export async function followProbes(
  source: ProbeSource,
  { requested }: ProbesRequested,
  listener: ProbeListener,
  signal: AbortSignal,
  pollMs: number = POLL_MS,
): Promise<AgentProbes[]> {
  const follow = async (agentId: string, names: ReadonlySet<string>) => {
    const poll = patiently((error) => listener.unreachable(error), pollMs, signal);
    for (;;) {
      const probes = await poll(() => source.probesOf(agentId, signal));
      const chosen = only(probes, names);
      listener.probes(chosen);
      if (chosen.requested.length === 0 || !chosen.live) return chosen;
      await delay(pollMs, undefined, { signal });
    }
  };
  try {
    return await Promise.all(
      requested.map(({ agentId, names }) => follow(agentId, new Set(names))),
    );
  } catch (error) {
    throw reasonOf(error, signal);
  }
}

/** Without probes that were not requested here. */
function only(probes: AgentProbes, names: ReadonlySet<string>): AgentProbes {
  const isRequested = ({ name }: { name: string }) => names.has(name);
  return {
    ...probes,
    requested: probes.requested.filter(isRequested),
    // An answer of a probe that is still requested belongs to an earlier request.
    answers: probes.answers.filter(
      (answer) => isRequested(answer) && !probes.requested.some(({ name }) => name === answer.name),
    ),
  };
}
