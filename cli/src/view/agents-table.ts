import { platformLabel } from '@oversoak/contracts';
import Table from 'cli-table3';
import type { ListedAgent } from '../api/client.ts';
import type { Colors } from '../terminal.ts';
import { NONE } from './figures.ts';

/** The agents that ever registered, and what each can run. */
export function agentsTable(agents: readonly ListedAgent[], colors: Colors): string {
  if (agents.length === 0) return 'No agent has registered.';
  const table = new Table({
    head: ['agent', 'state', 'slots', 'labels', 'faults', 'platform and notifiers'].map((head) =>
      colors.bold(head),
    ),
    chars: {
      ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
      ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
      ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' },
      ...{ mid: '─', 'mid-mid': '──', middle: '  ' },
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...agents.map((agent) => row(agent, colors)));
  return table.toString();
}

function row(agent: ListedAgent, colors: Colors): string[] {
  const labels = Object.entries(agent.labels).map(([name, value]) => `${name}=${value}`);
  const { environment } = agent;
  const notifiers = environment.capabilities.notifiers.map(({ name, works, reason }) =>
    works ? name : `not ${name} (${reason ?? 'no reason given'})`,
  );
  return [
    agent.agentId,
    agent.live ? colors.green('live') : colors.red('lost'),
    `${agent.slotsUsed}/${agent.slots}`,
    labels.length === 0 ? NONE : labels.join('\n'),
    agent.allowsFaults ? 'yes' : 'no',
    [
      platformLabel(environment),
      `${environment.cpuModel}, ${environment.capabilities.cores} cores, Node ${environment.nodeVersion}`,
      notifiers.join(', '),
    ].join('\n'),
  ];
}
