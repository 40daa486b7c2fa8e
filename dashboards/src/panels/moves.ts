import { CELL, CELL_LEGEND, ofRuns, perSecond, quantileNow } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';

/** Players that move between contents. */
export function moves(): Panel {
  return timeSeries({
    title: 'Moves of players',
    description:
      'Players per second that moved from one content to another. In hetero each move changes the player container under its lock and hands over the player to another thread.',
    unit: PER_SECOND('moves'),
  }).withTarget(
    promQuery(
      perSecond(ofRuns('oversoak.player.moves'), { of: 'server', runs: CELL }),
      CELL_LEGEND,
    ),
  );
}

/** The duration of a move. */
export function moveLatency(): Panel {
  return timeSeries({
    title: 'Latency of a move, p99',
    description:
      'From the decision to move until the new owner has the player: the lock, and the queue of the new content. Meanwhile, messages of the player are held back or forwarded. In homo nothing is handed over.',
    unit: 's',
  }).withTarget(promQuery(quantileNow(0.99, 'oversoak.player.move_latency', CELL), CELL_LEGEND));
}
