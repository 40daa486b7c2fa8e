// How often the trend test accuses a series that has no trend, and how often it finds one: simulated
// series, seeded. It measures what `drift.*` thresholds are judged by.
import { driftOf, risesAbove, thinned } from '@oversoak/control-plane/drift';
import Table from 'cli-table3';
import { randomLcg, randomNormal } from 'd3-random';

const SEED = 0.4;
const SERIES = 1000;
/** Windows of a measurement: the fewest that are judged, as many as points, and a night. */
const WINDOWS = [20, 60, 480];
const MOST_FALSE_PERCENT = 5;

interface Chance {
  /** 0 to 1. */
  uniform(): number;
  /** Mean 0, deviation 1. */
  normal(): number;
}

type Series = (windows: number, chance: Chance) => number[];

const each = (windows: number, value: (at: number, index: number) => number) =>
  Array.from({ length: windows }, (_, index) => value(index / windows, index));

const white: Series = (windows, { normal }) => each(windows, () => normal());

/** Each value hangs on the one before, by `phi`; deviation 1 all the same. */
const autoregressive =
  (phi: number): Series =>
  (windows, { normal }) => {
    let value = normal();
    return each(windows, () => {
      const now = value;
      value = phi * value + Math.sqrt(1 - phi ** 2) * normal();
      return now;
    });
  };

/** An allocator's: levels, with so many changes in the measurement. */
const plateaus =
  (changes: number, noise: number): Series =>
  (windows, { uniform, normal }) => {
    let level = normal();
    return each(windows, () => {
      if (uniform() < changes / windows) level = normal();
      return level + noise * normal();
    });
  };

/** A garbage collector's: rises, and falls when it is collected, at heights that vary. */
const sawTeeth =
  (teeth: number): Series =>
  (windows, { uniform, normal }) => {
    const height = () => 0.7 + 0.6 * uniform();
    let [value, top] = [uniform(), height()];
    return each(windows, () => {
      value += teeth / windows;
      if (value >= top) [value, top] = [0, height()];
      return value + 0.02 * normal();
    });
  };

/** What start-up leaves behind a warm-up: dies away with a twentieth of the measurement. */
const settling =
  (height: number): Series =>
  (windows, { normal }) =>
    each(windows, (at) => -height * Math.exp(-at / 0.05) + normal());

const settlingSteps: Series = (windows, { uniform, normal }) => {
  let level = 0;
  return each(windows, (at) => {
    if (uniform() < (40 / windows) * Math.exp(-at / 0.05)) level += 1;
    return level + 0.02 * normal();
  });
};

/** Steps that become ever rarer, but do not end: it grows, so that neither answer is wrong. */
const growingEverMoreSlowly: Series = (windows, { uniform, normal }) => {
  let level = 0;
  return each(windows, (_, index) => {
    if (uniform() < 2.4 / (index + windows / 20)) level += 1;
    return level + 0.02 * normal();
  });
};

const handles: Series = (windows, { normal }) => each(windows, () => 200 + Math.round(normal()));

const leaking =
  (perHour: number, series: Series): Series =>
  (windows, chance) =>
    series(windows, chance).map((value, index) => value + (perHour * index) / windows);

const leakInSteps =
  (steps: number): Series =>
  (windows, { uniform, normal }) => {
    const first = uniform();
    return each(windows, (at) => Math.floor(steps * at + first) + 0.02 * normal());
  };

const LEAK_FREE: Record<string, Series> = {
  'white noise': white,
  'AR(1), phi 0.5': autoregressive(0.5),
  'AR(1), phi 0.8': autoregressive(0.8),
  'AR(1), phi 0.95': autoregressive(0.95),
  'never changes': (windows) => each(windows, () => 7),
  'whole numbers': handles,
  'plateaus, about 4': plateaus(4, 0),
  'plateaus, about 10': plateaus(10, 0),
  'plateaus, about 10, noisy': plateaus(10, 0.1),
  'saw-teeth, 2': sawTeeth(2),
  'saw-teeth, 3': sawTeeth(3),
  'saw-teeth, 7': sawTeeth(7),
  'settles, by 5': settling(5),
  'settles, by 50': settling(50),
  'settles in steps': settlingSteps,
};

/** With the rise in an hour, in the deviations of the noise or the height of a tooth or step. */
const LEAKING: Record<string, readonly [number, Series]> = {
  'white noise + 1': [1, leaking(1, white)],
  'white noise + 3': [3, leaking(3, white)],
  'white noise + 10': [10, leaking(10, white)],
  'AR(1), phi 0.8, + 3': [3, leaking(3, autoregressive(0.8))],
  'AR(1), phi 0.8, + 10': [10, leaking(10, autoregressive(0.8))],
  'AR(1), phi 0.95, + 10': [10, leaking(10, autoregressive(0.95))],
  'saw-teeth, 7, + 1': [1, leaking(1, sawTeeth(7))],
  'saw-teeth, 7, + 3': [3, leaking(3, sawTeeth(7))],
  'plateaus, about 10, + 10': [10, leaking(10, plateaus(10, 0))],
  'settles, by 5, + 3': [3, leaking(3, settling(5))],
  'in 4 steps': [4, leakInSteps(4)],
  'in 16 steps': [16, leakInSteps(16)],
};

const GROWING = 'grows ever more slowly';

interface Rates {
  /** Percent of the series that are found to rise above 0. */
  accusedPercent: number;
  /** Percent of the series that are found to rise by less than `perHour`. */
  clearedPercent: number;
}

function ratesOf(series: Series, windows: number, perHour: number): Rates {
  const source = randomLcg(SEED);
  const chance = { uniform: source, normal: randomNormal.source(source)(0, 1) };
  const count = { accused: 0, cleared: 0 };
  for (let made = 0; made < SERIES; made += 1) {
    const points = series(windows, chance).map((value, index) => ({
      atHours: (index + 1) / windows,
      value,
    }));
    const drift = driftOf('workingSet', thinned(points), windows);
    if (risesAbove(drift, 0)) count.accused += 1;
    if (drift.high !== null && drift.high < perHour) count.cleared += 1;
  }
  return {
    accusedPercent: (100 * count.accused) / SERIES,
    clearedPercent: (100 * count.cleared) / SERIES,
  };
}

function table(accused: string, cleared: string) {
  return new Table({
    head: ['series', ...WINDOWS.flatMap((windows) => [`${windows}: ${accused}`, cleared])],
    colAligns: ['left', ...WINDOWS.flatMap(() => ['right', 'right'] as const)],
    style: { head: [], border: [], compact: true },
  });
}

const cells = (rates: readonly Rates[]) =>
  rates.flatMap(({ accusedPercent, clearedPercent }) => [
    `${accusedPercent.toFixed(1)} %`,
    `${clearedPercent.toFixed(1)} %`,
  ]);

/** Prints the rates; false when a leak-free kind is accused, or a leak is cleared, too often. */
export function benchDrift(): boolean {
  const wrong: string[] = [];
  const note = (name: string, what: string, percent: number) => {
    if (percent > MOST_FALSE_PERCENT) wrong.push(`${name} is ${what} in ${percent.toFixed(1)} %`);
  };
  const free = table('accused', '< 10/h');
  for (const [name, series] of Object.entries(LEAK_FREE)) {
    const rates = WINDOWS.map((windows) => ratesOf(series, windows, 10));
    for (const { accusedPercent } of rates) note(name, 'accused', accusedPercent);
    free.push([name, ...cells(rates)]);
  }
  const leaks = table('found', '< half');
  for (const [name, [perHour, series]] of Object.entries(LEAKING)) {
    const rates = WINDOWS.map((windows) => ratesOf(series, windows, perHour / 2));
    for (const { clearedPercent } of rates) note(name, 'cleared of half of it', clearedPercent);
    leaks.push([name, ...cells(rates)]);
  }
  const growing = WINDOWS.map((windows) => ratesOf(growingEverMoreSlowly, windows, 10));
  console.log(`Drift, ${SERIES} simulated series of a kind, an hour each, by number of windows.`);
  console.log(
    'Leak-free; "accused": said to rise at all; "< 10/h": said to rise by less than that:',
  );
  console.log(free.toString());
  console.log('Leaking by so much in the hour; "< half": said to rise by less than half of it:');
  console.log(leaks.toString());
  console.log(
    `Neither (${GROWING}): accused ${growing.map((each) => `${each.accusedPercent} %`).join(', ')}.`,
  );
  for (const each of wrong) console.log(`More than ${MOST_FALSE_PERCENT} %: ${each}`);
  return wrong.length === 0;
}
