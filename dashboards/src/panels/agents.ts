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
      'Agents whose lease has expired although they were not shut down. Their runs ended inconclusive. It should be 0; otherwise check the log of the agent, and that the machine reaches Redis.',
    unit: 'none',
  }).withTarget(promInstant(lostAgents(), legend('oversoak.platform')));
}

/** Agents by state over time. */
export function agentsByState(): Panel {
  const panel = stacked({
    title: 'Agents by state',
    description:
      'idle: can take a run. busy: has one. draining: gets no more. lost: its lease has expired. If all agents are busy and soaks wait, more agents would help.',
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
