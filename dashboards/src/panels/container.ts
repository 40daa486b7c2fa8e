import { spansLink } from '../query/explore.ts';
import {
  by,
  CELL,
  CELL_LEGEND,
  is,
  ofRuns,
  on,
  quantileNow,
  rate,
  shares,
} from '../query/promql.ts';
import { heatMap, type Panel, promHistograms, promQuery, timeSeries } from './panel.ts';

const WHAT =
  'The player container holds all players: IO threads look a player up in it to route a message, and content threads change it when a player moves. homo does not look players up, so it has no line here.';

/** The wait for the player container's lock. */
export function lockWait(): Panel {
  const panel = timeSeries({
    title: 'Wait for the lock of the player container',
    description: `p50 and p99 of the wait, for look-ups and moves together. ${WHAT} A p99 far above the p50 is contention: a few waits behind a thread that lost its core while it held the lock.`,
    unit: 's',
  }).dataLinks([spansLink('Slow echoes of the chosen runs', 'echo.slow')]);
  for (const [q, name] of [
    [0.5, 'p50'],
    [0.99, 'p99'],
  ] as const) {
    panel.withTarget(
      promQuery(quantileNow(q, 'oversoak.container.lock_wait', CELL), `${name} · ${CELL_LEGEND}`),
    );
  }
  return panel;
}

/** The distribution of the lock waits. */
export function lockWaitHeatMap(): Panel {
  return heatMap({
    title: 'Distribution of lock waits',
    description: `Each column is a moment, each cell a range of waits; darker means a larger share of the waits. ${WHAT} Contention shows as a second band, orders of magnitude above the first.`,
    unit: 's',
  }).withTarget(promHistograms(shares(ofRuns('oversoak.container.lock_wait')), 'waits'));
}

/** The lock's share of an echo's time. */
export function lockShare(): Panel {
  const time = (stage?: string) => {
    const selector = ofRuns(
      'oversoak.echo.stage.time',
      stage === undefined ? {} : { 'oversoak.stage': is(stage) },
    );
    return `sum ${by(...CELL)} (${rate(selector)})`;
  };
  return timeSeries({
    title: 'Share of the lock in an echo',
    description:
      'Share of the total echo time that is spent waiting for the lock of the player container and in the look-up. This is the price of the hetero design for giving every content its own thread; homo has 0.',
    unit: 'percentunit',
  }).withTarget(promQuery(`${time('lock')} / ${on(...CELL)} ${time()}`, CELL_LEGEND));
}
