import {
  type Cell,
  churnSeconds,
  endpointText,
  FLEET_NOTIFIER,
  findPlugin,
  isPlugin,
  mayAllowTarget,
  type NeededPorts,
  neededPorts,
  notifierText,
  PLATFORMS,
  type Platform,
  type PluginFile,
  type Problem,
  platformOf,
  pluginsText,
  pluginText,
  pointerTo,
  type SoakSpec,
  type Target,
} from '@oversoak/contracts';
import { fleetShares } from '../model/fleet-shares.ts';
import type { Agent } from '../store/agents.ts';

/** The parts of a spec that decide which agents it needs. */
export type Placed = Pick<
  SoakSpec,
  'placement' | 'fleet' | 'fault' | 'target' | 'workload' | 'phases'
>;

export interface Candidates {
  /** null: the server is a target, so the gang has fleets only. */
  server: Agent[] | null;
  fleet: Agent[];
}

/** Before all else about an agent: labels are quick to compare, and leave the fewest. */
function withLabels(agents: readonly Agent[], wanted: Record<string, string> | undefined) {
  const entries = Object.entries(wanted ?? {});
  return agents.filter(({ live, registration: { labels } }) => {
    return live && entries.every(([name, value]) => labels[name] === value);
  });
}

function works(agent: Agent, notifier: string): boolean {
  const { notifiers } = agent.registration.environment.capabilities;
  return notifiers.some((known) => known.name === notifier && known.works);
}

export function platformOfAgent({ registration }: Agent): Platform {
  return registration.environment.capabilities.platform;
}

/** The agent's platform has the notifier, and it passed its self-test there. */
function mayServe(agent: Agent, spec: Placed, { notifier, layout }: Cell): boolean {
  const { environment, allowsFaults } = agent.registration;
  return (
    notifier !== null &&
    layout !== null &&
    works(agent, notifier) &&
    environment.capabilities.layouts.includes(layout) &&
    (spec.fault === undefined || allowsFaults)
  );
}

/** Client ports of the largest part of the fleet on an agent. */
function portsOn({ registration }: Agent, spec: Placed, cell: Cell): NeededPorts {
  const sessions = Math.max(...fleetShares(cell.sessions, spec));
  const { disconnectsPerSecond, abortiveShare } = spec.workload;
  const largest = {
    sessions,
    disconnectsPerSecond: (disconnectsPerSecond * sessions) / cell.sessions,
    abortiveShare,
    churnSeconds: churnSeconds(spec.phases),
  };
  return neededPorts(largest, registration.clientPorts.timeWaitSeconds);
}

function hasPorts(agent: Agent, spec: Placed, cell: Cell): boolean {
  return portsOn(agent, spec, cell).ports <= agent.registration.clientPorts.budget;
}

/** A fleet may always load its gang's own server; the agent must allow an external target. */
function mayLoad({ registration }: Agent, { target }: Placed): boolean {
  return target === undefined || mayAllowTarget(registration.targets, target);
}

/** The plug-in that the fleets need; null: none. */
function pluginOf({ target }: Placed): PluginFile | null {
  return target !== undefined && isPlugin(target.protocol) ? target.protocol.plugin : null;
}

/** A plug-in runs only where the agent allows it. */
function maySpeak({ registration: { plugins = [] } }: Agent, spec: Placed): boolean {
  const plugin = pluginOf(spec);
  return plugin === null || findPlugin(plugins, plugin) !== undefined;
}

/** Live agents that are able to take a part of a run, busy and draining ones included. */
export function candidates(spec: Placed, cell: Cell, agents: readonly Agent[]): Candidates {
  const { placement, target } = spec;
  return {
    server:
      target === undefined
        ? withLabels(agents, placement.server).filter((agent) => mayServe(agent, spec, cell))
        : null,
    fleet: withLabels(agents, placement.fleet).filter(
      (agent) =>
        works(agent, FLEET_NOTIFIER[platformOfAgent(agent)]) &&
        mayLoad(agent, spec) &&
        maySpeak(agent, spec) &&
        hasPorts(agent, spec, cell),
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

/** More would be a text of megabytes in a large cluster. */
const MAX_NAMED = 20;

/** The first of them, and how many more there are. */
function named(texts: readonly string[], separator: string): string {
  const more = texts.length - MAX_NAMED;
  return (
    texts.slice(0, MAX_NAMED).join(separator) + (more > 0 ? `${separator}and ${more} more` : '')
  );
}

const labelText = (labels: Record<string, string> | undefined) =>
  Object.entries(labels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

function serverNeeds(spec: Placed, { notifier, layout }: Cell): string {
  const labels = labelText(spec.placement.server);
  return [
    ...(notifier === null ? [] : [`notifier ${notifierText(notifier)}`]),
    `layout ${layout}`,
    ...(labels === '' ? [] : [`labels ${labels}`]),
    ...(spec.fault === undefined ? [] : ['faults allowed']),
  ].join(', ');
}

function fleetNeeds(spec: Placed): string {
  const { placement, target } = spec;
  const labels = labelText(placement.fleet);
  const plugin = pluginOf(spec);
  return [
    `notifier ${PLATFORMS.map((platform) => notifierText(FLEET_NOTIFIER[platform])).join(' or ')}`,
    ...(labels === '' ? [] : [`labels ${labels}`]),
    ...(target === undefined ? [] : [`target ${endpointText(target)} allowed`]),
    ...(plugin === null ? [] : [`plug-in ${pluginText(plugin)} allowed`]),
  ].join(', ');
}

/** Says that the server's platform has no agent; '' if it has one. */
function noPlatformText({ notifier }: Cell, agents: readonly Agent[]): string {
  if (notifier === null) return '';
  const platform = platformOf(notifier);
  if (agents.some((agent) => agent.live && platformOfAgent(agent) === platform)) return '';
  return `${notifier} needs an agent on ${platform}, and no live one is; `;
}

/** Names the live agents that do not allow the target; '' if all of them allow it. */
function forbiddenText(target: Target, agents: readonly Agent[]): string {
  const forbid = agents.filter(
    ({ live, registration }) => live && !mayAllowTarget(registration.targets, target),
  );
  if (forbid.length === 0) return '';
  const ids = named(
    forbid.map(({ registration }) => registration.agentId),
    ', ',
  );
  return `${endpointText(target)} is not among the targets (OVERSOAK_TARGETS) of ${ids}; `;
}

/** Names the live agents that do not allow the plug-in; '' if all of them allow it. */
function forbiddenPluginText(spec: Placed, agents: readonly Agent[]): string {
  const plugin = pluginOf(spec);
  const forbid = agents.filter((agent) => agent.live && !maySpeak(agent, spec));
  if (plugin === null || forbid.length === 0) return '';
  const allowed = forbid.map(
    ({ registration: { agentId, plugins = [] } }) => `${agentId} (${pluginsText(plugins)})`,
  );
  return `${pluginText(plugin)} is not among the plug-ins (OVERSOAK_PLUGINS) of ${named(allowed, ', ')}; `;
}

/** Names the live agents with too few client ports; '' if all of them have enough. */
function tooFewPortsText(spec: Placed, cell: Cell, agents: readonly Agent[]): string {
  const few = agents
    .filter((agent) => agent.live && !hasPorts(agent, spec, cell))
    .map((agent) => {
      const { agentId, clientPorts } = agent.registration;
      const { text } = portsOn(agent, spec, cell);
      return `${agentId} has a budget of ${clientPorts.budget} client ports for ${text}`;
    });
  return few.length === 0 ? '' : `${named(few, '; ')}; `;
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
    `platform: ${environment.capabilities.platform}`,
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
  const registered = named(agents.map(describe), ', ') || 'none';
  const impossible = [
    forbidden,
    forbiddenPluginText(spec, agents),
    noPlatformText(cell, agents),
    tooFewPortsText(spec, cell, agents),
  ].join('');
  const needs = `${impossible}it needs ${server}${fleet}`;
  return `no live agents can run it: ${needs}; agents: ${registered}`;
}

/** The field of a target that cannot be placed: its plug-in, where that alone is what prevents it. */
function targetPointer(spec: Placed, cell: Cell, agents: readonly Agent[]): string {
  const { target } = spec;
  if (target === undefined || pluginOf(spec) === null) return '/target';
  const without: Placed = { ...spec, target: { ...target, protocol: 'raw' } };
  const reason = unplaceableReason(without, cell, agents);
  return reason === null ? '/target/protocol/plugin' : '/target';
}

/** Problems with placing these cells on the live agents, one at most for a notifier and layout. */
export function placementProblems(
  spec: SoakSpec,
  cells: readonly Cell[],
  agents: readonly Agent[],
): Problem[] {
  const reported = new Set<string>();
  return cells.flatMap((cell) => {
    const { notifier, layout } = cell;
    const subject = notifier === null ? 'target' : `${notifier} × ${layout}`;
    if (reported.has(subject)) return [];
    const reason = unplaceableReason(spec, cell, agents);
    if (reason === null) return [];
    reported.add(subject);
    const pointer =
      notifier === null
        ? targetPointer(spec, cell, agents)
        : pointerTo('matrix', 'notifier', (spec.matrix.notifier ?? []).indexOf(notifier));
    return [{ pointer, detail: `${subject}: ${reason}` }];
  });
}
