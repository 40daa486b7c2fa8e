import { by, CELL, CELL_LEGEND, is, ofRuns } from '../query/promql.ts';
import { figure, type Panel, promInstant, promQuery, timeSeries } from './panel.ts';

const SERVER = { 'oversoak.role': is('server') } as const;
const WORKING_SET = ofRuns('process.memory.usage', SERVER);
const SECONDS_PER_HOUR = 3600;

const perHour = (selector: string) =>
  `max ${by(...CELL)} (deriv(${selector}[$__range])) * ${SECONDS_PER_HOUR}`;

/** A single query for both, so that it returns data even if the platform reports only one. */
function kinds(selectors: Record<string, string>): string {
  return Object.entries(selectors)
    .map(
      ([kind, selector]) =>
        `label_replace(max ${by(...CELL)} (${selector}), "kind", "${kind}", "", "")`,
    )
    .join(' or ');
}
const KIND_LEGEND = `{{kind}} · ${CELL_LEGEND}`;

/** Resident and private memory of the server's process over time. */
export function memory(): Panel {
  const selectors = {
    resident: WORKING_SET,
    private: ofRuns('process.memory.virtual', SERVER),
  };
  return timeSeries({
    title: "Memory of the server's process",
    description:
      'Resident: memory in RAM. Private: memory committed only to this process; Wine does not report it. Both settle soon after the sessions are open; a line that keeps rising is a leak, or a growing queue.',
    unit: 'bytes',
  }).withTarget(promQuery(kinds(selectors), KIND_LEGEND));
}

/** The growth rate of the server's resident memory. */
export function memorySlope(): Panel {
  return figure({
    title: 'Resident memory of the server, growth per hour',
    description:
      'The slope per hour of a straight line through the resident memory over the visible time range. Choose a range within the measurement of one run, because ramp-up is growth too. The verdict uses a stricter figure: the drift on the nightly dashboard.',
    unit: 'bytes',
  }).withTarget(promInstant(perHour(WORKING_SET), CELL_LEGEND));
}

/** Maximum resident memory of each cell's server over the whole time range. */
export const workingSetOfRange = (): string =>
  `max ${by(...CELL)} (max_over_time(${WORKING_SET}[$__range]))`;

/** Handles and threads of the server. */
export function handles(): Panel {
  const selectors = {
    handles: ofRuns('process.windows.handle.count', SERVER),
    descriptors: ofRuns('process.unix.file_descriptor.count', SERVER),
    threads: ofRuns('process.thread.count', SERVER),
  };
  return timeSeries({
    title: "Handles and threads of the server's process",
    description:
      'Open kernel handles (sockets, events, threads), on Linux file descriptors, and the threads of the process, including those of Node.js. Handles follow the open sessions; handles that remain when the sessions are closed are leaked. The number of threads is constant, except for event, which starts one per 63 sessions.',
    unit: 'none',
  }).withTarget(promQuery(kinds(selectors), KIND_LEGEND));
}
