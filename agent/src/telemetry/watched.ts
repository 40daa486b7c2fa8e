import {
  emptyHistogram,
  type FleetFigures,
  type HistogramText,
  intervalHistogram,
  type ServerFigures,
} from '@oversoak/contracts';
import type { Attributes, MetricPoint } from '@oversoak/telemetry';

/** Cumulative figures of a part as far as they have come. */
export interface Watched<F extends FleetFigures | ServerFigures> {
  latest: F;
  measureStart: F | null;
  measureEnd: F | null;
}

/** What all points of a part have in common. */
export type PointBase = Pick<MetricPoint, 'attributes' | 'startMs'>;

/** What was counted while it measured, so far; null before. */
export function measurement<F extends FleetFigures | ServerFigures>({
  latest,
  measureStart,
  measureEnd,
}: Watched<F>): { start: F; end: F } | null {
  return measureStart === null ? null : { start: measureStart, end: measureEnd ?? latest };
}

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

  /** What came between the two; nothing yet without them. */
  histogram(
    metric: Exclude<MetricPoint, { value: number }>['metric'],
    between: { start: HistogramText | undefined; end: HistogramText } | null,
    attributes: Attributes = {},
  ): void {
    const value =
      between?.start === undefined
        ? emptyHistogram()
        : intervalHistogram(between.end, between.start);
    this.all.push({ ...this.#with(attributes), metric, value });
  }

  #with(attributes: Attributes): PointBase {
    return { ...this.#base, attributes: { ...this.#base.attributes, ...attributes } };
  }
}
