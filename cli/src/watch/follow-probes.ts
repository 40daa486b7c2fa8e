import { setTimeout as delay } from 'node:timers/promises';
import type { AgentProbes, ProbesRequested } from '@oversoak/contracts';
import type { ApiUnreachable } from '../api/problem.ts';
import { reasonOf } from '../shell/failure.ts';
import { patiently } from './patient.ts';

const POLL_MS = 500;

/** What following probes needs of the API. */
export interface ProbeSource {
  probesOf(agentId: string, signal?: AbortSignal): Promise<AgentProbes>;
}

export interface ProbeListener {
  probes(probes: AgentProbes): void;
  /** The API did not answer; it is asked again. */
  unreachable(error: ApiUnreachable): void;
}

/**
 * Follows what was asked until each agent has answered or is lost. Answers the agents in the order
 * in which they were asked; rejects with the signal's reason when that is aborted.
 */
export async function followProbes(
  source: ProbeSource,
  { asked }: ProbesRequested,
  listener: ProbeListener,
  signal: AbortSignal,
  pollMs: number = POLL_MS,
): Promise<AgentProbes[]> {
  const follow = async (agentId: string, names: ReadonlySet<string>) => {
    const poll = patiently((error) => listener.unreachable(error));
    for (;;) {
      const probes = await poll(() => source.probesOf(agentId, signal));
      if (probes !== undefined) {
        const chosen = only(probes, names);
        listener.probes(chosen);
        if (chosen.asked.length === 0 || !chosen.live) return chosen;
      }
      await delay(pollMs, undefined, { signal });
    }
  };
  try {
    return await Promise.all(asked.map(({ agentId, names }) => follow(agentId, new Set(names))));
  } catch (error) {
    throw reasonOf(error, signal);
  }
}

/** Without the probes that were not asked here. */
function only(probes: AgentProbes, names: ReadonlySet<string>): AgentProbes {
  const isAsked = ({ name }: { name: string }) => names.has(name);
  return {
    ...probes,
    asked: probes.asked.filter(isAsked),
    // The answer of a probe that is asked is one of before.
    answers: probes.answers.filter(
      (answer) => isAsked(answer) && !probes.asked.some(({ name }) => name === answer.name),
    ),
  };
}
