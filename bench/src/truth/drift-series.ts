// Series of a figure over a measurement, in MiB or whole numbers, with a known truth.
import { randomBinomial, randomPoisson } from 'd3-random';

/** How a measurement is divided. */
export interface Span {
  windows: number;
  hours: number;
}

export interface Chance {
  /** From 0 to 1. */
  uniform(): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
}

export type Series = (span: Span, chance: Chance) => number[];

/** A kind of series with an amplitude in MiB. */
export type Kind = (amplitudeMib: number) => Series;

const HOURS_OF_DAY = 24;

/** `at`: elapsed share of the measurement, 0 to 1. */
const each = ({ windows }: Span, value: (at: number, index: number) => number) =>
  Array.from({ length: windows }, (_, index) => value(index / windows, index));

export const sumOf =
  (...all: readonly Series[]): Series =>
  (span, chance) => {
    const series = all.map((one) => one(span, chance));
    return each(span, (_, index) => series.reduce((sum, one) => sum + (one[index] ?? 0), 0));
  };

export const white: Kind =
  (deviationMib) =>
  (span, { normal }) =>
    each(span, () => deviationMib * normal());

/** Each value depends on the previous one by the factor `phi`. */
export const autoregressive =
  (phi: number): Kind =>
  (deviationMib) =>
  (span, { normal }) => {
    let value = normal();
    return each(span, () => {
      const now = value;
      value = phi * value + Math.sqrt(1 - phi ** 2) * normal();
      return deviationMib * now;
    });
  };

/**
 * Unbounded random steps whose expected distance at the end of the measurement is the amplitude.
 */
export const randomWalk: Kind =
  (amplitudeMib) =>
  (span, { normal }) => {
    let value = 0;
    return each(span, () => {
      value += (amplitudeMib * normal()) / Math.sqrt(span.windows);
      return value;
    });
  };

/** An allocator's plateaus, with the given number of level changes per measurement. */
export const plateaus =
  (changes: number): Kind =>
  (amplitudeMib) =>
  (span, { uniform, normal }) => {
    let level = normal();
    return each(span, () => {
      if (uniform() < changes / span.windows) level = normal();
      return amplitudeMib * level;
    });
  };

/** A single step up or down at a random time. */
export const step: Kind =
  (amplitudeMib) =>
  (span, { uniform }) => {
    const [when, height] = [uniform(), uniform() < 0.5 ? -1 : 1];
    return each(span, (at) => (at < when ? 0 : amplitudeMib * height));
  };

/**
 * A garbage collector's saw-teeth with a constant slope and heights that vary by 30 %. `teeth` is
 * the mean number per measurement. A measurement in which no tooth ends is excluded, because it
 * cannot be distinguished from a leak.
 */
export const sawTeeth =
  (teeth: number): Kind =>
  (amplitudeMib) =>
  (span, { uniform }) => {
    for (;;) {
      const height = () => 0.7 + 0.6 * uniform();
      let top = height();
      let [value, falls] = [uniform() * top, 0];
      const series = each(span, () => {
        value += teeth / span.windows;
        if (value >= top) [value, top, falls] = [0, height(), falls + 1];
        return amplitudeMib * value;
      });
      if (falls > 0) return series;
    }
  };

/** A collector that also sweeps slowly: it falls for as long as it rises. */
export const triangles =
  (cycles: number): Kind =>
  (amplitudeMib) =>
  (span, { uniform }) => {
    const phase = uniform();
    return each(span, (at) => amplitudeMib * Math.abs(2 * ((cycles * at + phase) % 1) - 1));
  };

/** A cache that fills exponentially; the time constant is the given share of the measurement. */
export const fill =
  (share: number): Kind =>
  (amplitudeMib) =>
  (span) =>
    each(span, (at) => amplitudeMib * (1 - Math.exp(-at / share)));

/**
 * Handles that each live for a random time and open at random: M/M/infinity from empty. `share`:
 * their mean life as a share of the measurement; `full`: their mean number in the end.
 */
export const occupancy =
  (share: number, full: number): Series =>
  (span, { uniform }) => {
    const closing = -Math.expm1(-1 / (share * span.windows));
    const opened = randomPoisson.source(uniform)(full * closing);
    const closedOf = randomBinomial.source(uniform);
    let open = 0;
    return each(span, () => {
      open += opened() - closedOf(open, closing)();
      return open;
    });
  };

/** A cache that fills in a straight line and reaches its limit in the last tenth. */
export const lateLimit: Kind =
  (amplitudeMib) =>
  (span, { uniform }) => {
    const full = 0.9 + 0.1 * uniform();
    return each(span, (at) => amplitudeMib * Math.min(at, full));
  };

/** What falls as a cache is emptied; the time constant is the given share of the measurement. */
export const decay =
  (share: number): Kind =>
  (amplitudeMib) =>
  (span) =>
    each(span, (at) => amplitudeMib * Math.exp(-at / share));

/** Logarithmic growth: slower and slower, without end. */
export const logarithm: Kind = (amplitudeMib) => (span) =>
  each(span, (at) => amplitudeMib * (Math.log1p(at / 0.05) / Math.log1p(1 / 0.05)));

/** Steps that become rarer, as 1/t. */
export const rarerSteps: Kind =
  (amplitudeMib) =>
  (span, { uniform }) => {
    let level = 0;
    return each(span, (_, index) => {
      if (uniform() < 2.4 / (index + span.windows / 20)) level += 1;
      return (amplitudeMib * level) / 7;
    });
  };

export const daily: Kind =
  (amplitudeMib) =>
  (span, { uniform }) => {
    const phase = uniform();
    return each(
      span,
      (at) => amplitudeMib * Math.sin(2 * Math.PI * ((at * span.hours) / HOURS_OF_DAY + phase)),
    );
  };

/** Loads that arrive and decay: about four, with a time constant of a tenth of the measurement. */
export const bursts: Kind =
  (amplitudeMib) =>
  (span, { uniform }) => {
    let value = 0;
    return each(span, () => {
      value *= Math.exp(-10 / span.windows);
      if (uniform() < 4 / span.windows) value += amplitudeMib * (0.5 + uniform());
      return value;
    });
  };

/** Start-up effects: rises for the given share of the measurement, then stays constant. */
export const settling =
  (share: number): Kind =>
  (amplitudeMib) =>
  (span) =>
    each(span, (at) => amplitudeMib * Math.min(1, at / share));

/** Rounds to multiples, as an operating system reports memory, or to whole numbers. */
export const inStepsOf =
  (stepMib: number, series: Series): Series =>
  (span, chance) =>
    series(span, chance).map((value) => Math.round(value / stepMib) * stepMib);

export const leak =
  (perHour: number): Series =>
  (span) =>
    each(span, (at) => perHour * at * span.hours);

/** Handles that are never closed; `count`: their mean number at the end. */
export const leakAtRandom =
  (count: number): Series =>
  (span, { uniform }) => {
    const opened = randomPoisson.source(uniform)(count / span.windows);
    let open = 0;
    return each(span, () => {
      open += opened();
      return open;
    });
  };

/** Saw-teeth of the given number of minutes. */
export const sawTeethOfMinutes =
  (minutes: number): Kind =>
  (amplitudeMib) =>
  (span, chance) =>
    sawTeeth((span.hours * 60) / minutes)(amplitudeMib)(span, chance);
