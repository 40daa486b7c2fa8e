import type { Cell, SoakSpec } from '@oversoak/contracts';
import { type Problem, pointerTo } from '@oversoak/contracts';
import type { Agent } from '../store/agents.ts';

/** The fleet's own IO, whatever the server runs. */
const FLEET_NOTIFIER = 'iocp';

type Placed = Pick<SoakSpec, 'placement' | 'fleet' | 'fault'>;

export interface Candidates {
  server: Agent[];
  fleet: Agent[];
}

function hasLabels(agent: Agent, wanted: Record<string, string> | undefined): boolean {
  const { labels } = agent.registration;
  return Object.entries(wanted ?? {}).every(([name, value]) => labels[name] === value);
}

function works(agent: Agent, notifier: string): boolean {
  const { notifiers } = agent.registration.environment.capabilities;
  return notifiers.some((known) => known.name === notifier && known.works);
}

/** Live agents that could take the parts of a run, whether they are busy or not. */
export function candidates(spec: Placed, cell: Cell, agents: readonly Agent[]): Candidates {
  const live = agents.filter((agent) => agent.live);
  return {
    server: live.filter(
      (agent) =>
        works(agent, cell.notifier) &&
        agent.registration.environment.capabilities.layouts.includes(cell.layout) &&
        hasLabels(agent, spec.placement.server) &&
        (spec.fault === undefined || agent.registration.allowsFaults),
    ),
    fleet: live.filter(
      (agent) => works(agent, FLEET_NOTIFIER) && hasLabels(agent, spec.placement.fleet),
    ),
  };
}

/** Whether the candidates would do if all of them were idle. */
export function suffices({ server, fleet }: Candidates, fleetAgents: number): boolean {
  return server.some((host) => {
    const beside = fleet.filter((agent) => agent !== host || host.registration.slots > 1);
    return beside.length >= fleetAgents;
  });
}

const labelText = (labels: Record<string, string> | undefined) =>
  Object.entries(labels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

function serverNeeds(spec: Placed, cell: Cell): string {
  const labels = labelText(spec.placement.server);
  return [
    `notifier ${cell.notifier}`,
    `layout ${cell.layout}`,
    ...(labels === '' ? [] : [`labels ${labels}`]),
    ...(spec.fault === undefined ? [] : ['faults allowed']),
  ].join(', ');
}

/** An agent's capabilities in a line for a person. */
function describe(agent: Agent): string {
  const { agentId, labels, slots, allowsFaults, environment } = agent.registration;
  const { notifiers, layouts } = environment.capabilities;
  const known = notifiers.map(({ name, works: ok, reason }) =>
    ok ? name : `${name} does not work${reason === null ? '' : ` (${reason})`}`,
  );
  const parts = [
    agent.live ? 'live' : 'lease lapsed',
    `${slots} ${slots === 1 ? 'slot' : 'slots'}`,
    `notifiers: ${known.join(', ') || 'none'}`,
    `layouts: ${layouts.join(', ') || 'none'}`,
    `labels: ${labelText(labels) || 'none'}`,
    allowsFaults ? 'allows faults' : 'allows no faults',
  ];
  return `${agentId} (${parts.join('; ')})`;
}

/** Why no live agents could run the cell even if all were idle; null when they could. */
export function unplaceableReason(
  spec: Placed,
  cell: Cell,
  agents: readonly Agent[],
): string | null {
  const able = candidates(spec, cell, agents);
  const { agents: wanted } = spec.fleet;
  if (suffices(able, wanted)) return null;
  const labels = labelText(spec.placement.fleet);
  const fleetNeeds = `notifier ${FLEET_NOTIFIER}${labels === '' ? '' : `, labels ${labels}`}`;
  const count = wanted === 1 ? 'one fleet agent' : `${wanted} fleet agents`;
  const server = `one server agent (${serverNeeds(spec, cell)}; able: ${able.server.length})`;
  const fleet = `a slot each on ${count} (${fleetNeeds}; able: ${able.fleet.length})`;
  const registered = agents.map(describe).join(', ') || 'none';
  return `no live agents can run it: it needs ${server} and ${fleet}; agents: ${registered}`;
}

/** What is wrong with submitting these cells now; one problem for each notifier and layout. */
export function placementProblems(
  spec: SoakSpec,
  cells: readonly Cell[],
  agents: readonly Agent[],
): Problem[] {
  const asked = new Set<string>();
  return cells.flatMap((cell) => {
    const pair = `${cell.notifier} × ${cell.layout}`;
    if (asked.has(pair)) return [];
    asked.add(pair);
    const reason = unplaceableReason(spec, cell, agents);
    if (reason === null) return [];
    const pointer = pointerTo('matrix', 'notifier', spec.matrix.notifier.indexOf(cell.notifier));
    return [{ pointer, detail: `${pair}: ${reason}` }];
  });
}
