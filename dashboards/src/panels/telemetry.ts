import { by, legend, rate, series } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';

/** Spans and exports that were dropped in a while. */
export const droppedWithin = (duration: string): string =>
  `sum (increase(${series('oversoak.telemetry.dropped')}[${duration}]))`;

/** What did not arrive. */
export function dropped(): Panel {
  return timeSeries({
    title: 'Telemetry that was dropped',
    description:
      'Spans and exports of metrics that could not be delivered, by program. Runs go on without it and nothing of their results is lost; but for this time the dashboards do not tell everything.',
    unit: PER_SECOND('items'),
  }).withTarget(
    promQuery(
      `sum by (job, instance) (${rate(series('oversoak.telemetry.dropped'))})`,
      '{{job}} · {{instance}}',
    ),
  );
}

/** Reports that the control plane refused. */
export function refusedReports(): Panel {
  return timeSeries({
    title: 'Reports that were refused',
    description:
      'Reports of agents that the control plane did not take, by reason: mostly of an earlier epoch, from an agent that was lost and came back. Many of them mean that agents lose their lease while they work.',
    unit: PER_SECOND('reports'),
  }).withTarget(
    promQuery(
      `sum ${by('error.type')} (${rate(series('oversoak.reports.refused'))})`,
      legend('error.type'),
    ),
  );
}
