import { ATTRIBUTES, SYSTEMS, type System, systemOf } from '@oversoak/contracts';
import type { Agent } from '../store/agents.ts';

const STATES = ATTRIBUTES['oversoak.agent.state'].values;
export type AgentState = (typeof STATES)[number];

export interface AgentCount {
  state: AgentState;
  platform: System;
  count: number;
}

/** A draining agent was taken out on purpose, so it never counts as lost. */
export function stateOfAgent({ live, stopped, draining, slotsUsed }: Agent): AgentState {
  if (draining) return 'draining';
  if (!live) return stopped ? 'stopped' : 'lost';
  return slotsUsed > 0 ? 'busy' : 'idle';
}

/** Counts for every state and platform, zeros included. */
export function agentCounts(agents: readonly Agent[]): AgentCount[] {
  const found = agents.map((agent) => ({
    state: stateOfAgent(agent),
    platform: systemOf(agent.registration.environment),
  }));
  return SYSTEMS.flatMap((platform) =>
    STATES.map((state) => {
      const same = found.filter((one) => one.state === state && one.platform === platform);
      return { state, platform, count: same.length };
    }),
  );
}
