import { lockShare, lockWait, lockWaitHeatMap } from '../panels/container.ts';
import { ceiling, handled, queueDepth, queueWait } from '../panels/contents.ts';
import { busiestThread, threadLoad } from '../panels/cpu.ts';
import { glance } from '../panels/glance.ts';
import { p99ByCell } from '../panels/latency.ts';
import { moveLatency, moves } from '../panels/moves.ts';
import { platform } from '../panels/platform.ts';
import { slowEchoesOfContents } from '../panels/slow-echoes.ts';
import { stagesByCell } from '../panels/stages.ts';
import {
  backlog,
  cpuPerDelivery,
  deliveries,
  deliveryLatency,
  leftOut,
  tickLatency,
  ticks,
} from '../panels/zones.ts';
import { runVariables } from '../query/variables.ts';
import type { Board } from './board.ts';

/** The cost and the benefit of a thread per content. */
export function layouts(): Board {
  return {
    uid: 'oversoak-layouts',
    title: 'Hetero against homo',
    description:
      'What does a thread for each content cost (lock, queues, moves), what does it gain, and where is its limit? Choose a soak with several layouts, and its time.',
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
        title: 'The lock of the player container',
        height: 8,
        panels: [
          [lockWait(), 8],
          [lockShare(), 8],
          [lockWaitHeatMap(), 8],
        ],
      },
      {
        title: 'Content queues and the ceiling',
        height: 9,
        panels: [
          [queueWait(), 12],
          [queueDepth(), 12],
          [handled(), 12],
          [ceiling(), 12],
          [busiestThread(), 12],
          [threadLoad(), 12],
        ],
      },
      {
        title: 'Moves between contents',
        height: 8,
        panels: [
          [moves(), 12],
          [moveLatency(), 12],
        ],
      },
      {
        title: 'Zones',
        height: 8,
        panels: [
          [deliveryLatency(), 8],
          [deliveries(), 8],
          [cpuPerDelivery(), 8],
          [leftOut(), 12],
          [backlog(), 12],
          [ticks(), 12],
          [tickLatency(), 12],
        ],
      },
      {
        title: 'Echoes that waited',
        height: 9,
        panels: [[slowEchoesOfContents(), 24]],
      },
    ],
  };
}
