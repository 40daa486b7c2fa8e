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

interface Ranked {
  agent: Agent;
  id: string;
  known: number;
  native: number;
  free: number;
}

const compare = (a: Ranked, b: Ranked) =>
  a.known - b.known || a.native - b.native || b.free - a.free || (a.id < b.id ? -1 : 1);

/**
 * The first `most`. Prefers the machines of the previous run, so that repeats share them. Then, for a
 * fleet, Linux, where an echo costs it a tenth of what it costs under Wine; then the least busy.
 */
function inOrder(
  agents: readonly Agent[],
  role: Role,
  before: GangBefore,
  free: FreeSlots,
  most: number,
): Agent[] {
  const known = new Set(before.filter((one) => one.role === role).map(({ agentId }) => agentId));
  const ranked = agents.map((agent): Ranked => {
    const id = idOf(agent);
    const native = role === 'fleet' && platformOfAgent(agent) === 'linux' ? 0 : 1;
    return { agent, id, known: known.has(id) ? 0 : 1, native, free: free(id) };
  });
  return firstOf(ranked, most).map(({ agent }) => agent);
}

/** Thousands may be idle, of which a gang needs a few: then they are not sorted. */
function firstOf(ranked: Ranked[], most: number): Ranked[] {
  if (ranked.length <= most) return ranked.sort(compare);
  const first = ranked.slice(0, most).sort(compare);
  for (const one of ranked.slice(most)) {
    const behind = first.findIndex((other) => compare(one, other) < 0);
    if (behind === -1) continue;
    first.splice(behind, 0, one);
    first.pop();
  }
  return first;
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
  // With one more than it needs, a fleet is complete beside any server: the first is the one.
  const fleets = inOrder(fleet.filter(isFree), 'fleet', before, free, fleetAgents + 1);
  const most = fleets.length > fleetAgents ? 1 : Number.POSITIVE_INFINITY;
  const servers =
    server === null ? [null] : inOrder(server.filter(isFree), 'server', before, free, most);
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
  const needed = server === null ? fleetAgents : fleetAgents + 1;
  const fleets = inOrder(fleet.filter(isFree), 'fleet', before, free, needed);
  if (server === null) return fleets;
  const servers = inOrder(server.filter(isFree), 'server', before, free, 1);
  return [...new Set([...servers, ...fleets])];
}
