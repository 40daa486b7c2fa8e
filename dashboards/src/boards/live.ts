import { cpuByMode, threadLoad } from '../panels/cpu.ts';
import { errorsByClass } from '../panels/errors.ts';
import { intervals } from '../panels/intervals.ts';
import { latencyHeatMap, quantiles, sendLag } from '../panels/latency.ts';
import { handles, memory, memorySlope } from '../panels/memory.ts';
import { platform } from '../panels/platform.ts';
import { inFlight, rates, sessions } from '../panels/rates.ts';
import { dominatingStages, slowEchoes } from '../panels/slow-echoes.ts';
import { stageShares } from '../panels/stages.ts';
import { runVariables } from '../query/variables.ts';
import type { Board } from './board.ts';

/** The progress of a run while it is running. */
export function live(): Board {
  return {
    uid: 'oversoak-live',
    title: 'Live soak',
    description:
      'How is this run going: does it keep up, are there errors, does memory grow, and where did a slow echo spend its time? Choose a soak and, for one run of it, its cell and time.',
    back: '30m',
    refresh: '10s',
    variables: runVariables(),
    rows: [
      { height: 3, panels: [[platform(), 24]] },
      {
        title: 'Load',
        height: 8,
        panels: [
          [rates(), 8],
          [sessions(), 8],
          [inFlight(), 8],
        ],
      },
      {
        title: 'Latency and errors',
        height: 9,
        panels: [
          [quantiles(), 12],
          [latencyHeatMap(), 12],
          [stageShares(), 8],
          [sendLag(), 8],
          [errorsByClass(), 8],
        ],
      },
      {
        title: 'The server',
        height: 8,
        panels: [
          [memory(), 12],
          [memorySlope(), 12],
          [threadLoad(), 8],
          [cpuByMode(), 8],
          [handles(), 8],
        ],
      },
      {
        title: 'Traces',
        height: 10,
        panels: [
          [dominatingStages(), 24],
          [slowEchoes(), 24],
          [intervals(), 24],
        ],
      },
    ],
  };
}
