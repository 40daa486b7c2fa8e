// Series of a figure over a measurement, in MB, whose truth is known.

/** How a measurement is kept. */
export interface Span {
  windows: number;
  hours: number;
}

export interface Chance {
  /** 0 to 1. */
  uniform(): number;
  /** Mean 0, deviation 1. */
  normal(): number;
}

export type Series = (span: Span, chance: Chance) => number[];

/** A kind of series of an amplitude in MB. */
export type Kind = (amplitudeMb: number) => Series;

const HOURS_OF_DAY = 24;

/** `at`: share of the measurement that has gone by, 0 to 1. */
const each = ({ windows }: Span, value: (at: number, index: number) => number) =>
  Array.from({ length: windows }, (_, index) => value(index / windows, index));

export const sumOf =
  (...all: readonly Series[]): Series =>
  (span, chance) => {
    const series = all.map((one) => one(span, chance));
    return each(span, (_, index) => series.reduce((sum, one) => sum + (one[index] ?? 0), 0));
  };

export const white: Kind =
  (deviationMb) =>
  (span, { normal }) =>
    each(span, () => deviationMb * normal());

/** Each value hangs on the one before, by `phi`. */
export const autoregressive =
  (phi: number): Kind =>
  (deviationMb) =>
  (span, { normal }) => {
    let value = normal();
    return each(span, () => {
      const now = value;
      value = phi * value + Math.sqrt(1 - phi ** 2) * normal();
      return deviationMb * now;
    });
  };

/** Steps with no end, as far at the end of the measurement as the amplitude. */
export const randomWalk: Kind =
  (amplitudeMb) =>
  (span, { normal }) => {
    let value = 0;
    return each(span, () => {
      value += (amplitudeMb * normal()) / Math.sqrt(span.windows);
      return value;
    });
  };

/** An allocator's: levels, with so many changes in the measurement. */
export const plateaus =
  (changes: number): Kind =>
  (amplitudeMb) =>
  (span, { uniform, normal }) => {
    let level = normal();
    return each(span, () => {
      if (uniform() < changes / span.windows) level = normal();
      return amplitudeMb * level;
    });
  };

/** One step up or down, anywhere. */
export const step: Kind =
  (amplitudeMb) =>
  (span, { uniform }) => {
    const [when, height] = [uniform(), uniform() < 0.5 ? -1 : 1];
    return each(span, (at) => (at < when ? 0 : amplitudeMb * height));
  };

/**
 * A garbage collector's: teeth of one slope, whose heights vary by 30 %, of so many to the
 * measurement on average. A measurement in which none ends is no subject: nobody can tell it from a
 * leak.
 */
export const sawTeeth =
  (teeth: number): Kind =>
  (amplitudeMb) =>
  (span, { uniform }) => {
    for (;;) {
      const height = () => 0.7 + 0.6 * uniform();
      let top = height();
      let [value, falls] = [uniform() * top, 0];
      const series = each(span, () => {
        value += teeth / span.windows;
        if (value >= top) [value, top, falls] = [0, height(), falls + 1];
        return amplitudeMb * value;
      });
      if (falls > 0) return series;
    }
  };

/** A collector's that also sweeps slowly: as long down as up. */
export const triangles =
  (cycles: number): Kind =>
  (amplitudeMb) =>
  (span, { uniform }) => {
    const phase = uniform();
    return each(span, (at) => amplitudeMb * Math.abs(2 * ((cycles * at + phase) % 1) - 1));
  };

/** A cache's: exponential, with the share of the measurement as its time constant. */
export const fill =
  (share: number): Kind =>
  (amplitudeMb) =>
  (span) =>
    each(span, (at) => amplitudeMb * (1 - Math.exp(-at / share)));

/** Grows as the logarithm of the time: ever more slowly, and never ends. */
export const logarithm: Kind = (amplitudeMb) => (span) =>
  each(span, (at) => amplitudeMb * (Math.log1p(at / 0.05) / Math.log1p(1 / 0.05)));

/** Steps that become ever rarer, as 1/t. */
export const rarerSteps: Kind =
  (amplitudeMb) =>
  (span, { uniform }) => {
    let level = 0;
    return each(span, (_, index) => {
      if (uniform() < 2.4 / (index + span.windows / 20)) level += 1;
      return (amplitudeMb * level) / 7;
    });
  };

export const daily: Kind =
  (amplitudeMb) =>
  (span, { uniform }) => {
    const phase = uniform();
    return each(
      span,
      (at) => amplitudeMb * Math.sin(2 * Math.PI * ((at * span.hours) / HOURS_OF_DAY + phase)),
    );
  };

/** Loads that come and die away: about four, with a tenth of the measurement as time constant. */
export const bursts: Kind =
  (amplitudeMb) =>
  (span, { uniform }) => {
    let value = 0;
    return each(span, () => {
      value *= Math.exp(-10 / span.windows);
      if (uniform() < 4 / span.windows) value += amplitudeMb * (0.5 + uniform());
      return value;
    });
  };

/** What start-up leaves behind: rises for the share of the measurement, then stays. */
export const settling =
  (share: number): Kind =>
  (amplitudeMb) =>
  (span) =>
    each(span, (at) => amplitudeMb * Math.min(1, at / share));

/** As an operating system tells memory, or a count of whole things. */
export const inStepsOf =
  (stepMb: number, series: Series): Series =>
  (span, chance) =>
    series(span, chance).map((value) => Math.round(value / stepMb) * stepMb);

export const leak =
  (perHour: number): Series =>
  (span) =>
    each(span, (at) => perHour * at * span.hours);

/** Teeth of so many minutes. */
export const sawTeethOfMinutes =
  (minutes: number): Kind =>
  (amplitudeMb) =>
  (span, chance) =>
    sawTeeth((span.hours * 60) / minutes)(amplitudeMb)(span, chance);
