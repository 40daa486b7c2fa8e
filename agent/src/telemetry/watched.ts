import {
  emptyHistogram,
  type HistogramText,
  intervalHistogram,
  type ServerFigures,
} from '@oversoak/contracts';
import type { Attributes, MetricPoint } from '@oversoak/telemetry';

/** Cumulative figures of a server as far as they have come; a fleet tells its measurement itself. */
export interface Watched {
  latest: ServerFigures;
  measureStart: ServerFigures | null;
  measureEnd: ServerFigures | null;
}

/** What all points of a part have in common. */
export type PointBase = Pick<MetricPoint, 'attributes' | 'startMs'>;

/** What was counted while it measured, so far; null before. */
export function measurement({
  latest,
  measureStart,
  measureEnd,
}: Watched): { start: ServerFigures; end: ServerFigures } | null {
  return measureStart === null ? null : { start: measureStart, end: measureEnd ?? latest };
}

type HistogramMetric = Exclude<MetricPoint, { value: number }>['metric'];

/** Points of one part. */
export class Points {
  readonly all: MetricPoint[] = [];
  readonly #base: PointBase;

  constructor(base: PointBase) {
    this.#base = base;
  }

  /** `null`: the platform does not tell, which is no point and never 0. */
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

  /** What came between the two; nothing yet without them. */
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
