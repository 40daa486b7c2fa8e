import {
  emptyHistogram,
  type FleetFigures,
  type HistogramText,
  intervalHistogram,
  type ServerFigures,
} from '@oversoak/contracts';
import type { Attributes, MetricPoint } from '@oversoak/telemetry';

/** Cumulative figures of a part, now and at the moments of its measurement. */
export interface Watched<F extends FleetFigures | ServerFigures> {
  latest: F;
  measureStart: F | null;
  measureEnd: F | null;
}

/** What all points of a part share. */
export interface PointBase extends Pick<MetricPoint, 'attributes' | 'startMs'> {
  /** How long the run has been running; of a fleet, its share by sessions. */
  seconds: { measured: number; all: number };
}

/** Counts since the measurement began; null before. */
export function measurement<F extends FleetFigures | ServerFigures>({
  latest,
  measureStart,
  measureEnd,
}: Watched<F>): { start: F; end: F } | null {
  return measureStart === null ? null : { start: measureStart, end: measureEnd ?? latest };
}

type HistogramMetric = Exclude<MetricPoint, { value: number }>['metric'];

/** Collects the metric points of one part. */
export class Points {
  readonly all: MetricPoint[] = [];
  readonly #base: PointBase;

  constructor(base: PointBase) {
    this.#base = base;
    this.number('oversoak.run.time', base.seconds.all);
    this.number('oversoak.run.measured_time', base.seconds.measured);
  }

  /** `null`: the platform does not report the value. Such a value yields no point, never 0. */
  number(
    metric: Extract<MetricPoint, { value: number }>['metric'],
    value: number | null,
    attributes: Attributes = {},
  ): void {
    if (value !== null) this.all.push({ ...this.#with(attributes), metric, value });
  }

  histogram(
    metric: HistogramMetric,
    value: ReturnType<typeof emptyHistogram>,
    attributes: Attributes = {},
  ): void {
    this.all.push({ ...this.#with(attributes), metric, value });
  }

  /** Adds the difference between two histograms; adds nothing while one is missing. */
  histogramBetween(
    metric: HistogramMetric,
    between: { start: HistogramText | undefined; end: HistogramText } | null,
    attributes: Attributes = {},
  ): void {
    const { start, end } = between ?? {};
    const known = start !== undefined && end !== undefined;
    this.histogram(metric, known ? intervalHistogram(end, start) : emptyHistogram(), attributes);
  }

  #with(attributes: Attributes): Pick<MetricPoint, 'attributes' | 'startMs'> {
    const { startMs, attributes: common } = this.#base;
    return { startMs, attributes: { ...common, ...attributes } };
  }
}
