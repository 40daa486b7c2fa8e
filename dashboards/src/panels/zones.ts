import { by, CELL, CELL_LEGEND, is, ofRuns, on, perSecond, quantileNow } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';

const DELIVERED = perSecond(ofRuns('oversoak.zone.deliveries'), { of: 'server', runs: CELL });

/** How long a message takes to the members of its zone. */
export function deliveryLatency(): Panel {
  return timeSeries({
    title: 'Delivery to a member of the zone, p99',
    description:
      'From when a message to a zone was due until a member has it, over all members, its sender included. Far above the p99 of the echoes, the fan-out itself is what takes the time. Only soaks with zones have a line.',
    unit: 's',
  }).withTarget(promQuery(quantileNow(0.99, 'oversoak.delivery.latency', CELL), CELL_LEGEND));
}

/** What the fan-out makes of the messages. */
export function deliveries(): Panel {
  return timeSeries({
    title: 'Deliveries to the members of zones',
    description:
      'Deliveries per second that the server queued for members: messages per second × members of a zone, and ticks. It grows with the square of the players in a zone.',
    unit: PER_SECOND('deliveries'),
  }).withTarget(promQuery(DELIVERED, CELL_LEGEND));
}

/** Who pays for the fan-out. */
export function cpuPerDelivery(): Panel {
  const cpu = perSecond(ofRuns('oversoak.thread.cpu', { 'oversoak.role': is('server') }), {
    of: 'server',
    runs: CELL,
  });
  return timeSeries({
    title: 'CPU time of the server for one delivery',
    description:
      'User and kernel time of all native threads of the server, divided by the deliveries that it queued for members. Lower is better. The load of each thread shows which threads pay: IO threads or content threads.',
    unit: 's',
  }).withTarget(promQuery(`(${cpu}) / ${on(...CELL)} (${DELIVERED})`, CELL_LEGEND));
}

/** Whether the server keeps the rate of its ticks. */
export function ticks(): Panel {
  const tick = (metric: 'oversoak.zone.ticks' | 'oversoak.zone.ticks_skipped') =>
    perSecond(ofRuns(metric), { of: 'server', runs: CELL });
  return timeSeries({
    title: 'Ticks of zones',
    description:
      'Updates per second that the server sent to its zones without a request, and those that it left out because a later one was due already. Skipped ticks mean that the thread that owns a zone is busy for longer than a tick. Only soaks with ticks have lines.',
    unit: PER_SECOND('ticks'),
  })
    .withTarget(promQuery(tick('oversoak.zone.ticks'), `${CELL_LEGEND} sent`))
    .withTarget(promQuery(tick('oversoak.zone.ticks_skipped'), `${CELL_LEGEND} skipped`));
}

/** How late ticks are, at the server and at the members. */
export function tickLatency(): Panel {
  return timeSeries({
    title: 'Ticks of zones: late at the server, and until a member has them, p99',
    description:
      'From when a tick was due until the server sent it, and until a member has it. The second only where server and fleet share a clock, on one machine. Near each other, the server is late; far apart, the fan-out or the way to the members takes the time.',
    unit: 's',
  })
    .withTarget(
      promQuery(quantileNow(0.99, 'oversoak.zone.tick_lateness', CELL), `${CELL_LEGEND} sent`),
    )
    .withTarget(
      promQuery(quantileNow(0.99, 'oversoak.tick.latency', CELL), `${CELL_LEGEND} at a member`),
    );
}

/** What the policy for slow readers did. */
export function leftOut(): Panel {
  return timeSeries({
    title: 'Deliveries left out for slow readers',
    description:
      'Deliveries per second that the policies drop and newest left out, because their member read too slowly. Members are told how many they missed, so none of these is an error. With the policy close, sessions end instead, which is one.',
    unit: PER_SECOND('deliveries'),
  }).withTarget(
    promQuery(
      perSecond(ofRuns('oversoak.zone.left_out'), { of: 'server', runs: CELL }),
      CELL_LEGEND,
    ),
  );
}

/** The slowest member. */
export function backlog(): Panel {
  return timeSeries({
    title: 'Backlog of the slowest member',
    description:
      'Most bytes that have waited for one member so far in the run. At sendQueueBytes the policy for slow readers acts. All members share the payload of a message, so this is not memory: the working set is.',
    unit: 'bytes',
  }).withTarget(promQuery(`max ${by(...CELL)} (${ofRuns('oversoak.zone.backlog')})`, CELL_LEGEND));
}
