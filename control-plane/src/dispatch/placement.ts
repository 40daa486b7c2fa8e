import {
  allowsTarget,
  type Cell,
  type Problem,
  pointerTo,
  type SoakSpec,
  type Target,
} from '@oversoak/contracts';
import type { Agent } from '../store/agents.ts';

/** The notifier of every fleet, independent of the server's. */
const FLEET_NOTIFIER = 'iocp';

/** The parts of a spec that decide which agents it needs. */
export type Placed = Pick<SoakSpec, 'placement' | 'fleet' | 'fault' | 'target'>;

export interface Candidates {
  /** null: the server is a target, so the gang has fleets only. */
  server: Agent[] | null;
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

function mayServe(agent: Agent, spec: Placed, { notifier, layout }: Cell): boolean {
  const { environment, allowsFaults } = agent.registration;
  return (
    notifier !== null &&
    layout !== null &&
    works(agent, notifier) &&
    environment.capabilities.layouts.includes(layout) &&
    hasLabels(agent, spec.placement.server) &&
    (spec.fault === undefined || allowsFaults)
  );
}

/** A fleet may always load its gang's own server; the agent must allow an external target. */
function mayLoad({ registration }: Agent, { target }: Placed): boolean {
  return target === undefined || allowsTarget(registration.targets, target);
}

/** Live agents that are able to take a part of a run, busy and draining ones included. */
export function candidates(spec: Placed, cell: Cell, agents: readonly Agent[]): Candidates {
  const live = agents.filter((agent) => agent.live);
  return {
    server: spec.target === undefined ? live.filter((agent) => mayServe(agent, spec, cell)) : null,
    fleet: live.filter(
      (agent) =>
        works(agent, FLEET_NOTIFIER) &&
        hasLabels(agent, spec.placement.fleet) &&
        mayLoad(agent, spec),
    ),
  };
}

/** Whether the candidates suffice if all of them are idle. */
export function suffices({ server, fleet }: Candidates, fleetAgents: number): boolean {
  if (server === null) return fleet.length >= fleetAgents;
  return server.some((host) => {
    const beside = fleet.filter((agent) => agent !== host || host.registration.slots > 1);
    return beside.length >= fleetAgents;
  });
}

const labelText = (labels: Record<string, string> | undefined) =>
  Object.entries(labels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

const targetText = ({ host, port }: Target) => `${host}:${port}`;

function serverNeeds(spec: Placed, cell: Cell): string {
  const labels = labelText(spec.placement.server);
  return [
    `notifier ${cell.notifier}`,
    `layout ${cell.layout}`,
    ...(labels === '' ? [] : [`labels ${labels}`]),
    ...(spec.fault === undefined ? [] : ['faults allowed']),
  ].join(', ');
}

function fleetNeeds({ placement, target }: Placed): string {
  const labels = labelText(placement.fleet);
  return [
    `notifier ${FLEET_NOTIFIER}`,
    ...(labels === '' ? [] : [`labels ${labels}`]),
    ...(target === undefined ? [] : [`target ${targetText(target)} allowed`]),
  ].join(', ');
}

/** Names the live agents that do not allow the target; '' if all of them allow it. */
function forbiddenText(target: Target, agents: readonly Agent[]): string {
  const forbid = agents.filter(
    ({ live, registration }) => live && !allowsTarget(registration.targets, target),
  );
  if (forbid.length === 0) return '';
  const ids = forbid.map(({ registration }) => registration.agentId).join(', ');
  return `${targetText(target)} is not among the targets (OVERSOAK_TARGETS) of ${ids}; `;
}

function stateText({ live, draining }: Agent): string {
  if (!live) return 'lease lapsed';
  return draining ? 'draining' : 'live';
}

/** An agent's capabilities as one readable line. */
function describe(agent: Agent): string {
  const { agentId, labels, slots, allowsFaults, targets, environment } = agent.registration;
  const { notifiers, layouts } = environment.capabilities;
  const known = notifiers.map(({ name, works: ok, reason }) =>
    ok ? name : `${name} does not work${reason === null ? '' : ` (${reason})`}`,
  );
  const parts = [
    stateText(agent),
    `${slots} ${slots === 1 ? 'slot' : 'slots'}`,
    `notifiers: ${known.join(', ') || 'none'}`,
    `layouts: ${layouts.join(', ') || 'none'}`,
    `labels: ${labelText(labels) || 'none'}`,
    allowsFaults ? 'allows faults' : 'allows no faults',
    `targets: ${targets.join(', ') || 'none'}`,
  ];
  return `${agentId} (${parts.join('; ')})`;
}

/** Why the live agents cannot run the cell even if all are idle; null: they can. */
export function unplaceableReason(
  spec: Placed,
  cell: Cell,
  agents: readonly Agent[],
): string | null {
  const able = candidates(spec, cell, agents);
  const { agents: wanted } = spec.fleet;
  if (suffices(able, wanted)) return null;
  const count = wanted === 1 ? 'one fleet agent' : `${wanted} fleet agents`;
  const fleet = `a slot each on ${count} (${fleetNeeds(spec)}; able: ${able.fleet.length})`;
  const server =
    able.server === null
      ? ''
      : `one server agent (${serverNeeds(spec, cell)}; able: ${able.server.length}) and `;
  const forbidden = spec.target === undefined ? '' : forbiddenText(spec.target, agents);
  const registered = agents.map(describe).join(', ') || 'none';
  const needs = `${forbidden}it needs ${server}${fleet}`;
  return `no live agents can run it: ${needs}; agents: ${registered}`;
}

/** Problems with placing these cells on the live agents, one for each notifier and layout. */
export function placementProblems(
  spec: SoakSpec,
  cells: readonly Cell[],
  agents: readonly Agent[],
): Problem[] {
  const asked = new Set<string>();
  return cells.flatMap((cell) => {
    const { notifier, layout } = cell;
    const subject = notifier === null ? 'target' : `${notifier} × ${layout}`;
    if (asked.has(subject)) return [];
    asked.add(subject);
    const reason = unplaceableReason(spec, cell, agents);
    if (reason === null) return [];
    const pointer =
      notifier === null
        ? '/target'
        : pointerTo('matrix', 'notifier', (spec.matrix.notifier ?? []).indexOf(notifier));
    return [{ pointer, detail: `${subject}: ${reason}` }];
  });
}
