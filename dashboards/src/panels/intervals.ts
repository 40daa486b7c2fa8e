import { chosen, select, spans } from '../query/traceql.ts';
import { type Panel, spanQuery, spanRows } from './panel.ts';

/** The intervals of the chosen run, as reported by its agents. */
export function intervals(): Panel {
  return spanRows(
    {
      title: 'Intervals',
      description:
        'One trace for each interval and agent (OVERSOAK_TRACE_INTERVAL_SECONDS), with its figures: sent messages and latency from the fleet, memory and queues from the server. Find the interval in which something changed, then open it.',
      unit: 'none',
    },
    'Start time',
  ).withTarget(
    spanQuery(
      `${spans('part.interval', ...chosen('part.interval'))} | ${select(
        'part.interval',
        'oversoak.role',
        'oversoak.agent.id',
        'oversoak.interval.echoed',
        'oversoak.interval.errors',
        'oversoak.interval.p99_us',
        'oversoak.interval.max_us',
        'oversoak.interval.working_set_bytes',
        'oversoak.interval.queue_depth',
      )}`,
    ),
  );
}
