import { by, is, legend, ofAnyPlane, ofRuns, series } from '../query/promql.ts';
import { alarm, type Panel, promInstant, promQuery, stacked } from './panel.ts';

const AGENTS = ofRuns('oversoak.agents');
const STATES = { idle: 'blue', busy: 'green', draining: 'orange', lost: 'red' };

/** Agents that are lost, by platform. */
export const lostAgents = (): string =>
  `max ${by('oversoak.platform')} (${series('oversoak.agents', { 'oversoak.agent.state': is('lost') })})`;

/** How many agents are lost now. */
export function lost(): Panel {
  return alarm({
    title: 'Lost agents',
    description:
      'Agents whose lease has run out, and that nobody took out of service. A run that such an agent had ended inconclusive. 0 is well; see the log of the machine, and that it reaches Redis.',
    unit: 'none',
  }).withTarget(promInstant(lostAgents(), legend('oversoak.platform')));
}

/** Agents by state over time. */
export function agentsByState(): Panel {
  const panel = stacked({
    title: 'Agents by state',
    description:
      'idle: could be given a run. busy: has one. draining: gets none any more. lost: its lease has run out. Busy up to the top with soaks that wait means: more agents would help.',
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
