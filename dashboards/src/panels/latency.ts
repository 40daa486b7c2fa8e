import { slowEchoesLink } from '../query/explore.ts';
import {
  by,
  CELL,
  CELL_LEGEND,
  is,
  legend,
  ofRuns,
  quantile,
  quantileNow,
  shares,
} from '../query/promql.ts';
import { heatMap, type Panel, promHistograms, promQuery, timeSeries } from './panel.ts';

const INTENDED = { 'oversoak.latency.from': is('intended') } as const;
const QUANTILES: [number, string][] = [
  [0.5, 'p50'],
  [0.99, 'p99'],
  [0.999, 'p99.9'],
];

/** p99 of each cell over time. */
export function p99ByCell(): Panel {
  return timeSeries({
    title: 'Latency, p99',
    description:
      "The 99th percentile of each cell's echo latency, from the moment a message was due. Lower is better; a line that rises during a run is a server that does not keep up. Click a point for the slow echoes behind it.",
    unit: 's',
  })
    .withTarget(promQuery(quantileNow(0.99, 'oversoak.echo.latency', CELL, INTENDED), CELL_LEGEND))
    .dataLinks([slowEchoesLink()]);
}

/** Percentiles of the chosen run over time. */
export function quantiles(): Panel {
  const panel = timeSeries({
    title: 'Latency',
    description:
      'Percentiles of the echo latency, from the moment a message was due, over all selected echoes. Half of the echoes are faster than p50, one in a hundred is slower than p99. Only the measurement counts, not ramp-up and warm-up. Click a point for the slow echoes behind it.',
    unit: 's',
  }).dataLinks([slowEchoesLink()]);
  for (const [q, name] of QUANTILES) {
    panel.withTarget(
      promQuery(
        quantileNow(q, 'oversoak.echo.latency', CELL, INTENDED),
        `${name} · ${CELL_LEGEND}`,
      ),
    );
  }
  return panel;
}

/** The latency distribution of the chosen run over time. */
export function latencyHeatMap(): Panel {
  return heatMap({
    title: 'Latency distribution of all echoes',
    description:
      'Each column is a moment, each cell a range of latencies; the darker, the larger the share of the echoes that took that long. One band is healthy; a second band above it, or a rising band, is what a percentile hides.',
    unit: 's',
  }).withTarget(promHistograms(shares(ofRuns('oversoak.echo.latency', INTENDED)), 'echoes'));
}

/** Coordinated omission: p99 from the intended compared with the actual send time. */
export function intendedAgainstActual(): Panel {
  const panel = timeSeries({
    title: 'p99 from the intended and from the actual send time',
    description:
      '"intended" counts from when a message was due, "actual" from when the fleet sent it. Where they diverge, messages waited before they were sent, because earlier echoes were late. A closed-loop test would not have seen this.',
    unit: 's',
  }).dataLinks([slowEchoesLink()]);
  return panel.withTarget(
    promQuery(
      quantileNow(0.99, 'oversoak.echo.latency', [...CELL, 'oversoak.latency.from']),
      `${legend('oversoak.latency.from')} · ${CELL_LEGEND}`,
    ),
  );
}

/** The fleet's own lateness. */
export function sendLag(): Panel {
  return timeSeries({
    title: 'Lateness of the fleet itself, p99',
    description:
      'How late the fleet was by itself. The time that a message waited because its session had too many messages without an echo is not in it: that is the server, and "held" under Messages. If it approaches the latencies above, the run says more about the fleet than about the server.',
    unit: 's',
  }).withTarget(promQuery(quantileNow(0.99, 'oversoak.echo.send_lag', CELL), CELL_LEGEND));
}

/** A percentile of each cell's latency over the whole time range. */
export function quantileOfRange(q: number): string {
  const counts = `sum ${by(...CELL)} (increase(${ofRuns('oversoak.echo.latency', INTENDED)}[$__range]))`;
  return quantile(q, counts);
}

/** The mean latency of each group over the whole time range. */
export function meanOfRange(attributes: typeof CELL): string {
  return `histogram_avg(sum ${by(...attributes)} (increase(${ofRuns('oversoak.echo.latency', INTENDED)}[$__range])))`;
}
