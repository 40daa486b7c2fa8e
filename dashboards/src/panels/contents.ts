import { prometheusLabel } from '@oversoak/contracts';
import { spansLink } from '../query/explore.ts';
import {
  by,
  CELL,
  is,
  legend,
  matchesNot,
  ofRuns,
  on,
  perSecond,
  quantileNow,
  rate,
} from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';

const CONTENT = [...CELL, 'oversoak.content'] as const;
const HANDLED = ofRuns('oversoak.content.handled');
const CONTENT_LEGEND = legend('oversoak.content', 'oversoak.cell', 'oversoak.platform');

/** The wait of messages for their content. */
export function queueWait(): Panel {
  return timeSeries({
    title: 'Wait in the queue of a content, p99',
    description:
      'From the push into the queue of a content until its thread takes the message. It grows long before the queue overflows. Together with the load of the busiest thread it shows how close the limit is. homo has no content queues, so no line.',
    unit: 's',
  })
    .withTarget(
      promQuery(quantileNow(0.99, 'oversoak.content.queue_wait', CONTENT), CONTENT_LEGEND),
    )
    .dataLinks([spansLink('Slow echoes of the chosen runs', 'echo.slow')]);
}

/** The number of messages that wait for their content. */
export function queueDepth(): Panel {
  return timeSeries({
    title: 'Depth of the queue of a content',
    description:
      'Mean number of waiting messages that the threads of a content found when they took from its queue. Below 1 the thread waits for work; above, the work waits for the thread. One content far above the others is the hot one.',
    unit: 'none',
  }).withTarget(
    promQuery(`avg ${by(...CONTENT)} (${ofRuns('oversoak.content.queue_depth')})`, CONTENT_LEGEND),
  );
}

/** The message rate of each content. */
export function handled(): Panel {
  return timeSeries({
    title: 'Messages handled by a content',
    description:
      'Messages per second that each content handled, whichever thread did it. Their imbalance shows whether one thread per content is a fair split.',
    unit: PER_SECOND('messages'),
  }).withTarget(
    promQuery(
      perSecond(HANDLED, { of: 'server', runs: CELL, each: ['oversoak.content'] }),
      CONTENT_LEGEND,
    ),
  );
}

/**
 * The maximum message rate of a content. A content's threads are named after it, followed by the
 * channel's number; accept and IO threads belong to no content.
 */
export function ceiling(): Panel {
  const thread = prometheusLabel('oversoak.thread');
  const content = prometheusLabel('oversoak.content');
  const cpu = ofRuns('oversoak.thread.cpu', {
    'oversoak.role': is('server'),
    'oversoak.thread': matchesNot('accept|io-.+'),
  });
  const ofThread = `sum ${by(...CELL, 'oversoak.thread')} (${rate(cpu)})`;
  const load = `avg ${by(...CONTENT)} (label_replace(${ofThread}, "${content}", "$1", "${thread}", "(.+)-[0-9]+"))`;
  return timeSeries({
    title: 'Ceiling of a content',
    description:
      'Messages per second at which the threads of a content would be saturated: what it handles now, divided by the load of its threads. If a content gets more, its queue grows without limit. Only layouts with content threads have this figure; for homo see the busiest thread.',
    unit: PER_SECOND('messages'),
  }).withTarget(
    promQuery(
      `sum ${by(...CONTENT)} (${rate(HANDLED)}) / ${on(...CONTENT)} (${load} > 0)`,
      CONTENT_LEGEND,
    ),
  );
}
