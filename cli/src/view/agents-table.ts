import { type ListedAgent, NONE, platformLabel, pluginText } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['agent', 'state', 'slots', 'labels', 'faults', 'targets', 'platform and notifiers'];

/** All agents that have ever registered, and what each can run. */
export function agentsTable(agents: readonly ListedAgent[], colors: Colors): string {
  if (agents.length === 0) return 'No agent has registered.';
  const head = HEAD.map((title) => colors.bold(title));
  return plainTable({ head, rows: agents.map((agent) => row(agent, colors)), gap: 2 }).text;
}

function row(agent: ListedAgent, colors: Colors): string[] {
  const labels = Object.entries(agent.labels).map(([name, value]) => `${name}=${value}`);
  const { environment } = agent;
  const notifiers = environment.capabilities.notifiers.map(({ name, works, reason }) =>
    works ? name : `not ${name} (${reason ?? 'no reason given'})`,
  );
  const plugins = (agent.plugins ?? []).map((plugin) => `plug-in ${pluginText(plugin)}`);
  return [
    agent.agentId,
    state(agent, colors),
    `${agent.slotsUsed}/${agent.slots}`,
    labels.length === 0 ? NONE : labels.join('\n'),
    agent.allowsFaults ? 'yes' : 'no',
    agent.targets.length === 0 ? NONE : agent.targets.join('\n'),
    [
      platformLabel(environment),
      `${environment.cpuModel}, ${environment.capabilities.cores} cores, Node ${environment.nodeVersion}`,
      notifiers.join(', '),
      ...plugins,
    ].join('\n'),
  ];
}

function state({ live, draining }: ListedAgent, colors: Colors): string {
  const leased = live ? colors.green('live') : colors.red('lost');
  return draining ? `${leased}, ${colors.yellow('draining')}` : leased;
}
