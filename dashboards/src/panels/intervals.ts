import { TEMPO } from '../query/sources.ts';
import { chosen, select, spans } from '../query/traceql.ts';
import { type Panel, rows, spanQuery } from './panel.ts';

/** The intervals of the chosen run, as reported by its agents. */
export function intervals(): Panel {
  return rows({
    title: 'Intervals',
    description:
      'One trace for each interval and agent (OVERSOAK_TRACE_INTERVAL_SECONDS), with its figures: sent messages and latency from the fleet, memory and queues from the server. Find the interval in which something changed, then open it.',
    unit: 'none',
  })
    .datasource(TEMPO)
    .withTarget(
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
        100,
      ),
    );
}
