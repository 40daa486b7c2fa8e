import { by, legend, rate, series } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';

/** Number of spans and exports dropped within `duration`. */
export const droppedWithin = (duration: string): string =>
  `sum (increase(${series('oversoak.telemetry.dropped')}[${duration}]))`;

/** Undelivered telemetry. */
export function dropped(): Panel {
  return timeSeries({
    title: 'Dropped telemetry',
    description:
      'Spans and exports of metrics that could not be delivered, by program. Runs are not affected and no results are lost, but the dashboards are incomplete for this time.',
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
    title: 'Refused reports',
    description:
      'Reports of agents that the control plane refused, by reason: mostly reports of an earlier epoch, from an agent that was lost and came back. Many of them mean that agents lose their lease during runs.',
    unit: PER_SECOND('reports'),
  }).withTarget(
    promQuery(
      `sum ${by('error.type')} (${rate(series('oversoak.reports.refused'))})`,
      legend('error.type'),
    ),
  );
}
