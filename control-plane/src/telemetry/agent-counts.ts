import { ATTRIBUTES, PLATFORMS, type Platform, platformOf } from '@oversoak/contracts';
import type { Agent } from '../store/agents.ts';

const STATES = ATTRIBUTES['oversoak.agent.state'].values;
export type AgentState = (typeof STATES)[number];

export interface AgentCount {
  state: AgentState;
  platform: Platform;
  count: number;
}

/** One that drains was taken out by somebody: however it ends then, it is not lost. */
export function stateOfAgent({ live, stopped, draining, slotsUsed }: Agent): AgentState {
  if (draining) return 'draining';
  if (!live) return stopped ? 'stopped' : 'lost';
  return slotsUsed > 0 ? 'busy' : 'idle';
}

/** Of every state and platform, also those that no agent is in. */
export function agentCounts(agents: readonly Agent[]): AgentCount[] {
  const found = agents.map((agent) => ({
    state: stateOfAgent(agent),
    platform: platformOf(agent.registration.environment),
  }));
  return PLATFORMS.flatMap((platform) =>
    STATES.map((state) => {
      const same = found.filter((one) => one.state === state && one.platform === platform);
      return { state, platform, count: same.length };
    }),
  );
}
