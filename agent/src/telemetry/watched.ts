import {
  emptyHistogram,
  type HistogramText,
  intervalHistogram,
  type ServerFigures,
} from '@oversoak/contracts';
import type { Attributes, MetricPoint } from '@oversoak/telemetry';

/**
 * Cumulative figures of a server at the moments of its measurement. A native fleet keeps its
 * measurement itself.
 */
export interface Watched {
  latest: ServerFigures;
  measureStart: ServerFigures | null;
  measureEnd: ServerFigures | null;
}

/** What all points of a part share. */
export type PointBase = Pick<MetricPoint, 'attributes' | 'startMs'>;

/** Counts since the measurement began; null before. */
export function measurement({
  latest,
  measureStart,
  measureEnd,
}: Watched): { start: ServerFigures; end: ServerFigures } | null {
  return measureStart === null ? null : { start: measureStart, end: measureEnd ?? latest };
}

type HistogramMetric = Exclude<MetricPoint, { value: number }>['metric'];

/** Collects the metric points of one part. */
export class Points {
  readonly all: MetricPoint[] = [];
  readonly #base: PointBase;

  constructor(base: PointBase) {
    this.#base = base;
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

  #with(attributes: Attributes): PointBase {
    return { ...this.#base, attributes: { ...this.#base.attributes, ...attributes } };
  }
}
