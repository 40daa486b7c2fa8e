import type { Role } from '@oversoak/contracts';
import type { Agent } from '../store/agents.ts';
import { type Candidates, platformOfAgent } from './placement.ts';

/** The agent chosen for one part of a gang. */
export interface Choice {
  agent: Agent;
  role: Role;
}

/** The number of free slots of an agent that this gang may use. */
export type FreeSlots = (agentId: string) => number;

/** The gang of the soak's previous run. */
export type GangBefore = readonly { agentId: string; role: Role }[];

const idOf = ({ registration }: Agent) => registration.agentId;

/**
 * Prefers the machines of the previous run, so that repeats share them. Then, for a fleet, Linux,
 * where an echo costs it a tenth of what it costs under Wine; then the least busy.
 */
function inOrder(agents: readonly Agent[], role: Role, before: GangBefore, free: FreeSlots) {
  const known = new Set(before.filter((one) => one.role === role).map(({ agentId }) => agentId));
  const ranked = agents.map((agent) => {
    const id = idOf(agent);
    const native = role === 'fleet' && platformOfAgent(agent) === 'linux';
    return { agent, id, known: known.has(id) ? 0 : 1, native: native ? 0 : 1, free: free(id) };
  });
  ranked.sort(
    (a, b) => a.known - b.known || a.native - b.native || b.free - a.free || (a.id < b.id ? -1 : 1),
  );
  return ranked.map(({ agent }) => agent);
}

/** The server's agent last, so that server and fleet share a machine only if they must. */
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
 * Pure: the free agents to reserve for a gang that is not possible yet: one that can be its server,
 * and one more than its fleet needs, because one of those may become the server. The gang is then
 * complete as early as if all free agents were reserved.
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
