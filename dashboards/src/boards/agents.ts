import { agentsByState, lost } from '../panels/agents.ts';
import { requestDuration, requests } from '../panels/api.ts';
import { allocation, launches, preparation, queueLengths } from '../panels/dispatch.ts';
import { platformOfAgents } from '../panels/platform.ts';
import { dropped, refusedReports } from '../panels/telemetry.ts';
import { agentVariables } from '../query/variables.ts';
import type { Board } from './board.ts';

/** The health of the cluster itself. */
export function agents(): Board {
  return {
    uid: 'oversoak-agents',
    title: 'Agents and queues',
    description:
      'Is the cluster healthy: are all agents live, does work wait, and for what? Use it when a soak does not start, or ends inconclusive.',
    back: '6h',
    refresh: '30s',
    variables: agentVariables(),
    rows: [
      { height: 3, panels: [[platformOfAgents(), 24]] },
      {
        title: 'Agents',
        height: 8,
        panels: [
          [lost(), 6],
          [agentsByState(), 18],
        ],
      },
      {
        title: 'Dispatch',
        height: 8,
        panels: [
          [queueLengths(), 8],
          [allocation(), 8],
          [preparation(), 8],
          [launches(), 24],
        ],
      },
      {
        title: 'API and undelivered data',
        height: 8,
        panels: [
          [requests(), 6],
          [requestDuration(), 6],
          [refusedReports(), 6],
          [dropped(), 6],
        ],
      },
    ],
  };
}
