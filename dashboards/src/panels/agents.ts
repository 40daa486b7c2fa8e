import { by, is, legend, ofAnyPlane, ofRuns, series } from '../query/promql.ts';
import { alarm, type Panel, promInstant, promQuery, stacked } from './panel.ts';

const AGENTS = ofRuns('oversoak.agents');
const STATES = { idle: 'blue', busy: 'green', draining: 'orange', lost: 'red' };

/** Number of lost agents, by platform. */
export const lostAgents = (): string =>
  `max ${by('oversoak.platform')} (${series('oversoak.agents', { 'oversoak.agent.state': is('lost') })})`;

/** The number of agents that are lost now. */
export function lost(): Panel {
  return alarm({
    title: 'Lost agents',
    description:
      "Agents whose lease has expired and that were not stopped in an orderly way. A run on such an agent ended inconclusive. 0 is healthy; otherwise check the machine's log and its connection to Redis.",
    unit: 'none',
  }).withTarget(promInstant(lostAgents(), legend('oversoak.platform')));
}

/** Agents by state over time. */
export function agentsByState(): Panel {
  const panel = stacked({
    title: 'Agents by state',
    description:
      'idle: available for a run. busy: has a run. draining: receives no more runs. lost: its lease has expired. If all agents are busy while soaks wait, more agents would help.',
    unit: 'none',
  }).withTarget(
    promQuery(
      `sum ${by('oversoak.agent.state')} (${ofAnyPlane(AGENTS)})`,
      legend('oversoak.agent.state'),
    ),
  );
  for (const [state, colour] of Object.entries(STATES)) {
    panel.overrideByName(state, [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }]);
  }
  return panel;
}
