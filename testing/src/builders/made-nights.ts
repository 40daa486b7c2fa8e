import type { DifferenceMetric, TickCause } from '@oversoak/contracts';
import type { Night } from '@oversoak/control-plane/store/nights';
import { normal, type Random } from './made-random.ts';

export const NIGHT_CELL = 'iocp.homo.10';
const DAY_MS = 86_400_000;

interface Made {
  metric?: DifferenceMetric;
  cause?: TickCause;
  measures?: string;
}

/** A soak of one cell with this figure, by default its p99; null: none. */
export function madeNight(index: number, value: number | null, made: Made = {}): Night {
  const { metric = 'echo.latency.p99', cause = 'tick', measures = 'the same' } = made;
  return {
    ...{ soakId: `soak-${index}`, tickAtMs: index * DAY_MS, cause, measures },
    cells: [
      {
        key: NIGHT_CELL,
        verdict: value === null ? 'inconclusive' : 'passed',
        platform: ['Wine'],
        figures: value === null ? {} : { [metric]: value },
      },
    ],
  };
}

export const madeNights = (values: readonly (number | null)[], made: Made = {}): Night[] =>
  values.map((value, index) => madeNight(index, value, made));

/** So many figures around this one, that far apart. */
export const figures = (random: Random, nights: number, middle = 1000, noise = 0.05): number[] =>
  Array.from({ length: nights }, () => middle * Math.exp(noise * normal(random)));
