import { TEMPO } from '../query/sources.ts';
import { attribute, chosen, groupedBy, select, spans } from '../query/traceql.ts';
import { type Panel, spanMetrics, spanQuery, spanRows, stacked, timeSeries } from './panel.ts';

const SLOW = 'echo.slow';
const WHICH =
  'Agents trace only the few slowest echoes of each interval (OVERSOAK_SLOW_ECHOES), so this shows the causes of the tail, not its frequency.';

function tableOf(title: string, ...conditions: string[]): Panel {
  return spanRows(
    {
      title,
      description: `Traces of slow echoes. The dominating stage shows where an echo spent most of its time; open a trace for all stages in order. For the network only the sum of both directions is known: half is shown before the server and half after it. ${WHICH}`,
      unit: 'none',
    },
    'Duration',
  ).withTarget(
    spanQuery(
      `${spans(SLOW, ...chosen(SLOW), ...conditions)} | ${select(
        SLOW,
        'oversoak.stage.dominating',
        'oversoak.echo.latency_us',
        'oversoak.notifier',
        'oversoak.layout',
        'oversoak.platform',
        'oversoak.run.id',
        'oversoak.echo.session',
      )}`,
    ),
  );
}

/** The traced slowest echoes, whatever their dominating stage. */
export const slowEchoes = (): Panel => tableOf('Slow echoes');

/** The slowest echoes that waited for the lock or in a content's queue. */
export function slowEchoesOfContents(): Panel {
  const stage = attribute(SLOW, 'oversoak.stage.dominating');
  return tableOf('Slow echoes that waited for lock or queue', `${stage} =~ "lock|queue"`);
}

/** The stages in which slow echoes lose their time. */
export function dominatingStages(): Panel {
  return stacked({
    title: 'Slow echoes by the stage that dominates them',
    description: `Traced slow echoes per second, by the stage in which they spent most. A growing colour names the part of the server to investigate. ${WHICH}`,
    unit: 'suffix: echoes/s',
  })
    .datasource(TEMPO)
    .withTarget(
      spanMetrics(
        `${spans(SLOW, ...chosen(SLOW))} | rate() ${groupedBy(SLOW, 'oversoak.stage.dominating')}`,
      ),
    );
}

/** The latency of slow echoes. */
export function slowestByCell(): Panel {
  return timeSeries({
    title: 'Slow echoes, median latency',
    description: `The median latency of the echoes that were slow enough to be traced: the severity of the tail, by cell. ${WHICH}`,
    unit: 's',
  })
    .datasource(TEMPO)
    .withTarget(
      spanMetrics(
        `${spans(SLOW, ...chosen(SLOW))} | quantile_over_time(duration, 0.5) ${groupedBy(SLOW, 'oversoak.cell', 'oversoak.platform')}`,
      ),
    );
}
