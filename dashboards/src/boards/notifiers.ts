import { busiestThread, cpuPerEcho } from '../panels/cpu.ts';
import { glance } from '../panels/glance.ts';
import { intendedAgainstActual, p99ByCell } from '../panels/latency.ts';
import { memory } from '../panels/memory.ts';
import { platform } from '../panels/platform.ts';
import { achievedByCell } from '../panels/rates.ts';
import { dominatingStages, slowEchoes, slowestByCell } from '../panels/slow-echoes.ts';
import { stagesByCell } from '../panels/stages.ts';
import { runVariables } from '../query/variables.ts';
import type { Board } from './board.ts';

/** Which notification model holds up, at the same load and thread budget. */
export function notifiers(): Board {
  return {
    uid: 'oversoak-notifiers',
    title: 'Compare notification models',
    description:
      'Which notification model holds up under this load, at the same thread budget? Choose a soak, and its time.',
    back: '6h',
    refresh: '30s',
    variables: runVariables(),
    rows: [
      { height: 3, panels: [[platform(), 24]] },
      { title: 'Figures', height: 10, panels: [[glance(), 24]] },
      {
        title: 'Latency',
        height: 9,
        panels: [
          [p99ByCell(), 12],
          [stagesByCell(), 12],
        ],
      },
      {
        title: 'Throughput and cost',
        height: 8,
        panels: [
          [achievedByCell(), 12],
          [intendedAgainstActual(), 12],
          [cpuPerEcho(), 8],
          [busiestThread(), 8],
          [memory(), 8],
        ],
      },
      {
        title: 'Where slow echoes spent their time',
        height: 9,
        panels: [
          [dominatingStages(), 12],
          [slowestByCell(), 12],
          [slowEchoes(), 24],
        ],
      },
    ],
  };
}
