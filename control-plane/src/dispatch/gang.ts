import type { Role } from '@oversoak/contracts';
import type { Agent } from '../store/agents.ts';
import type { Candidates } from './placement.ts';

/** An agent for a part of a gang. */
export interface Choice {
  agent: Agent;
  role: Role;
}

/** Free slots of an agent that may be taken. */
export type FreeSlots = (agentId: string) => number;

/** The gang of the soak's previous run. */
export type GangBefore = readonly { agentId: string; role: Role }[];

const idOf = ({ registration }: Agent) => registration.agentId;

/** Prefers the machines of the previous run, so that repeats share them; then the least busy. */
function inOrder(agents: readonly Agent[], role: Role, before: GangBefore, free: FreeSlots) {
  const known = new Set(before.filter((one) => one.role === role).map(({ agentId }) => agentId));
  const ranked = agents.map((agent) => {
    const id = idOf(agent);
    return { agent, id, known: known.has(id) ? 0 : 1, free: free(id) };
  });
  ranked.sort((a, b) => a.known - b.known || b.free - a.free || (a.id < b.id ? -1 : 1));
  return ranked.map(({ agent }) => agent);
}

/** Agents other than the server's first: server and fleet then do not share a machine. */
function fleetBeside(
  server: Agent | null,
  fleet: readonly Agent[],
  wanted: number,
  free: FreeSlots,
): Agent[] | null {
  const others = fleet.filter((agent) => agent !== server).slice(0, wanted);
  const shared = server !== null && fleet.includes(server) && free(idOf(server)) > 1;
  const chosen = others.length < wanted && shared ? [...others, server] : others;
  return chosen.length === wanted ? chosen : null;
}

/** Pure: chooses the gang among candidates with free slots; null if they do not suffice. */
export function chooseGang(
  { server, fleet }: Candidates,
  fleetAgents: number,
  before: GangBefore,
  free: FreeSlots,
): Choice[] | null {
  const isFree = (agent: Agent) => free(idOf(agent)) > 0;
  const fleets = inOrder(fleet.filter(isFree), 'fleet', before, free);
  const servers = server === null ? [null] : inOrder(server.filter(isFree), 'server', before, free);
  for (const host of servers) {
    const beside = fleetBeside(host, fleets, fleetAgents, free);
    if (beside === null) continue;
    const fleetChoices = beside.map((agent): Choice => ({ agent, role: 'fleet' }));
    return host === null ? fleetChoices : [{ agent: host, role: 'server' }, ...fleetChoices];
  }
  return null;
}

/**
 * Pure: which free agents are kept for a gang that cannot be made yet: one that may serve, and one
 * more than its fleet needs, since one of them may have to serve. With these and whatever becomes
 * free later the gang is made as soon as it would be with all free agents kept.
 */
export function keptFor(
  { server, fleet }: Candidates,
  fleetAgents: number,
  before: GangBefore,
  free: FreeSlots,
): Agent[] {
  const isFree = (agent: Agent) => free(idOf(agent)) > 0;
  const fleets = inOrder(fleet.filter(isFree), 'fleet', before, free);
  if (server === null) return fleets.slice(0, fleetAgents);
  const servers = inOrder(server.filter(isFree), 'server', before, free);
  return [...new Set([...servers.slice(0, 1), ...fleets.slice(0, fleetAgents + 1)])];
}
