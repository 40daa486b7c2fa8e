import { by, CELL, CELL_LEGEND, increase, legend, ofRuns, perSecond } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';

const ECHOES = PER_SECOND('echoes');

/** Echoes per second, by cell. */
export function achievedByCell(): Panel {
  return timeSeries({
    title: 'Achieved rate',
    description:
      'Valid echoes that came back per second, by cell. All cells of a soak get the same load: a cell below the others did not keep up.',
    unit: ECHOES,
  }).withTarget(promQuery(echoesPerSecond('$__rate_interval'), CELL_LEGEND));
}

/** Due, sent and echoed messages of the chosen run. */
export function rates(): Panel {
  const panel = timeSeries({
    title: 'Messages',
    description:
      'Messages of the measurement, not of ramp-up and warm-up. Due: messages that were due. Sent: messages that the fleet passed to a send. Echoed: valid echoes. Held: the windows of unanswered messages were full, so the server held them back. Late: the fleet itself was more than 50 ms late. Sent below due with held: the server does not keep up; with late: the fleet does not. Echoed below sent: messages wait in the server.',
    unit: PER_SECOND('messages'),
  });
  const each = {
    due: 'oversoak.messages.due',
    held: 'oversoak.messages.held',
    late: 'oversoak.messages.late',
    sent: 'oversoak.messages.sent',
    echoed: 'oversoak.messages.echoed',
  } as const;
  for (const [name, metric] of Object.entries(each)) {
    panel.withTarget(promQuery(perSecond(ofRuns(metric), { of: 'fleet' }), name));
  }
  return panel;
}

/** Messages in flight of the chosen run. */
export function inFlight(): Panel {
  return timeSeries({
    title: 'Messages in flight',
    description:
      'Messages of open sessions that were sent and not echoed yet. The figure is stable while the server keeps up, and rises to sessions × over-send when it does not.',
    unit: 'none',
  }).withTarget(
    promQuery(`sum ${by(...CELL)} (${ofRuns('oversoak.messages.in_flight')})`, CELL_LEGEND),
  );
}

/** Open sessions on both sides of the chosen run. */
export function sessions(): Panel {
  return timeSeries({
    title: 'Open sessions',
    description:
      'Sessions that the fleet and the server have open. The two lines match, except for moments; a server above its fleet keeps sessions that were closed.',
    unit: 'none',
  }).withTarget(
    promQuery(
      `sum ${by('oversoak.role')} (${ofRuns('oversoak.sessions.live')})`,
      legend('oversoak.role'),
    ),
  );
}

/** The share of due messages that were sent, by cell, over the whole time range. */
export function sentShareOfRange(): string {
  const counted = (metric: 'oversoak.messages.unsent' | 'oversoak.messages.due') =>
    `sum ${by(...CELL)} (${increase(ofRuns(metric))})`;
  return `1 - ${counted('oversoak.messages.unsent')} / ${counted('oversoak.messages.due')}`;
}

/** Echoes of each cell per second of measurement. */
export function echoesPerSecond(window: '$__rate_interval' | '$__range'): string {
  return perSecond(ofRuns('oversoak.messages.echoed'), { of: 'fleet', runs: CELL, window });
}
