import { platformOfNights } from '../panels/platform.ts';
import {
  handlesDrift,
  latencyDrift,
  memoryDrift,
  p99AgainstWeek,
  p99OfNights,
  regressions,
  regressionsOverTime,
  stopped,
  threadsDrift,
} from '../panels/trend.ts';
import { badRuns, lastVerdicts, passedShare, runsByVerdict } from '../panels/verdicts.ts';
import { nightVariables } from '../query/variables.ts';
import type { Board } from './board.ts';

/** Whether last night was worse, and since when. */
export function nightly(): Board {
  return {
    uid: 'oversoak-nightly',
    title: 'Nightly trend and regressions',
    description:
      'Was last night worse than the nights before, in which figure, and since when? For all schedules, or the selected ones.',
    back: '30d',
    refresh: '5m',
    variables: nightVariables(),
    rows: [
      { height: 3, panels: [[platformOfNights(), 24]] },
      {
        title: 'Verdicts',
        height: 7,
        panels: [
          [lastVerdicts(), 6],
          [regressions(), 6],
          [stopped(), 6],
          [passedShare(), 6],
          [runsByVerdict(), 12],
          [regressionsOverTime(), 12],
        ],
      },
      {
        title: 'Latency, night by night',
        height: 9,
        panels: [
          [p99OfNights(), 12],
          [p99AgainstWeek(), 12],
        ],
      },
      {
        title: 'Growth within a night',
        height: 8,
        panels: [
          [memoryDrift(), 12],
          [latencyDrift(), 12],
          [handlesDrift(), 12],
          [threadsDrift(), 12],
        ],
      },
      { title: 'Traces', height: 10, panels: [[badRuns(), 24]] },
    ],
  };
}
