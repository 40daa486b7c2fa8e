import { figure, type Panel, promInstant, promQuery, timeSeries } from '../panel.ts';
import { by, CELL, CELL_LEGEND, is, ofRuns } from '../promql.ts';

const SERVER = { 'oversoak.role': is('server') } as const;
const WORKING_SET = ofRuns('oversoak.process.working_set', SERVER);
const HANDLES = ofRuns('oversoak.process.handles', SERVER);
const SECONDS_PER_HOUR = 3600;

const perHour = (selector: string) =>
  `max ${by(...CELL)} (deriv(${selector}[$__range])) * ${SECONDS_PER_HOUR}`;

/** Memory of the server over time, resident and private. */
export function memory(): Panel {
  return timeSeries({
    title: "Memory of the server's process",
    description:
      'Resident: what lies in memory. Private: what is committed to this process alone. Both settle soon after the sessions are open; a line that goes on rising is a leak, or a queue that grows.',
    unit: 'bytes',
  })
    .withTarget(promQuery(`max ${by(...CELL)} (${WORKING_SET})`, `resident · ${CELL_LEGEND}`))
    .withTarget(
      promQuery(
        `max ${by(...CELL)} (${ofRuns('oversoak.process.private_memory', SERVER)})`,
        `private · ${CELL_LEGEND}`,
      ),
    );
}

/** How fast the resident memory of the server grows. */
export function memorySlope(): Panel {
  return figure({
    title: 'Resident memory of the server, growth per hour',
    description:
      'The straight line through the resident memory over the time that is shown, per hour. Choose a time within the measurement of one run: ramp-up is growth too. The verdict rests on a stricter figure, the drift on the nightly dashboard.',
    unit: 'bytes',
  }).withTarget(promInstant(perHour(WORKING_SET), CELL_LEGEND));
}

/** Resident memory of each cell's server, at the most, over the whole time that is shown. */
export const workingSetOfRange = (): string =>
  `max ${by(...CELL)} (max_over_time(${WORKING_SET}[$__range]))`;

/** Handles that the server has open. */
export function handles(): Panel {
  return timeSeries({
    title: "Handles of the server's process",
    description:
      'Open kernel handles: sockets, events, threads. It goes with the open sessions; what stays when they have gone is a leak. Wine does not tell it: there the threads stand alone.',
    unit: 'none',
  })
    .withTarget(promQuery(`max ${by(...CELL)} (${HANDLES})`, `handles · ${CELL_LEGEND}`))
    .withTarget(
      promQuery(
        `max ${by(...CELL)} (${ofRuns('oversoak.process.threads', SERVER)})`,
        `threads · ${CELL_LEGEND}`,
      ),
    );
}
