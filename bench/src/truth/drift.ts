import { type DriftMetric, windowSecondsOf } from '@oversoak/contracts';
import { driftOf, isBelow, risesAbove } from '@oversoak/control-plane/judge/drift';
import { randomLcg, randomNormal } from 'd3-random';
import * as kinds from './drift-series.ts';
import type { TruthRow } from './row.ts';

const SEED = 0.4;
const SERIES = 400;
const MiB = 1024 ** 2;
/** In MiB/h. */
const LIMIT = 1;
const AMPLITUDES_MIB = [0.2, 5, 50];
/** Added to every leak-free series. */
const NOISE_MIB = 0.05;
const HOURS = [0.5, 2, 8];
const TEETH = [20, 12, 7, 4, 2, 1.3, 1];

const LEAK_FREE: Record<string, kinds.Kind> = {
  'white noise': kinds.white,
  'AR(1), phi 0.8': kinds.autoregressive(0.8),
  'AR(1), phi 0.95': kinds.autoregressive(0.95),
  'random walk': kinds.randomWalk,
  'whole numbers': (amplitude) => kinds.inStepsOf(amplitude, kinds.white(amplitude)),
  'plateaus, 4': kinds.plateaus(4),
  'plateaus, 10': kinds.plateaus(10),
  'one step': kinds.step,
  ...Object.fromEntries(TEETH.map((each) => [`saw-teeth, ${each}`, kinds.sawTeeth(each)])),
  'triangles, 3': kinds.triangles(3),
  ...Object.fromEntries(
    [0.1, 0.3, 0.6, 1, 1.5].map((each) => [`fill, time constant ${each} run`, kinds.fill(each)]),
  ),
  'log t': kinds.logarithm,
  'steps that become rarer': kinds.rarerSteps,
  'a cycle of 24 h': kinds.daily,
  'bursts that decay': kinds.bursts,
};

/** Mean lives as shares of the measurement, and mean numbers of handles when all have filled up. */
const LIVES = [0.5, 0.9, 1.4];
const NUMBERS = [100, 400, 3000];

/** A series, the limit that it is judged by and the judgement that is counted. */
interface JudgedSeries {
  series: kinds.Series;
  hours: number;
  metric?: DriftMetric;
  /** Per hour, in MiB or whole numbers. */
  limit: number;
  said: 'accused' | 'held';
}

function chanceFrom(seed: number): kinds.Chance {
  const source = randomLcg(seed);
  return { uniform: source, normal: randomNormal.source(source)(0, 1) };
}

function countOf({ series, hours, metric = 'workingSet', limit, said }: JudgedSeries): number {
  const windows = Math.floor((hours * 3600) / windowSecondsOf(hours * 3600));
  const chance = chanceFrom(SEED);
  const unit = metric === 'workingSet' ? MiB : 1;
  let count = 0;
  for (let made = 0; made < SERIES; made += 1) {
    const points = series({ windows, hours }, chance).map((value, index) => ({
      atHours: ((index + 1) / windows) * hours,
      value: Math.round(value * unit),
    }));
    const drift = driftOf(metric, points, windows);
    const is = said === 'accused' ? risesAbove(drift, limit * unit) : isBelow(drift, limit * unit);
    if (is) count += 1;
  }
  return count;
}

const percent = (operator: '<=' | '>=', value: number) => ({ operator, percent: value });

/** The amplitude at which the series is most often called a leak. */
function leakFreeRow(name: string, kind: kinds.Kind, hours: number): TruthRow {
  const counts = AMPLITUDES_MIB.map((amplitude) => {
    const series = kinds.sumOf(kind(amplitude), kinds.white(NOISE_MIB));
    return { amplitude, count: countOf({ series, hours, limit: LIMIT, said: 'accused' }) };
  });
  const [worst = { amplitude: 0, count: 0 }] = counts.sort((a, b) => b.count - a.count);
  const what = `${name}, ${hours} h, worst at ${worst.amplitude} MiB`;
  return { what, said: 'accused', n: SERIES, count: worst.count, aim: percent('<=', 5) };
}

/** The number of handles at which those that fill up are most often called a leak. */
function occupancyRow(life: number, hours: number): TruthRow {
  const counts = NUMBERS.map((full) => {
    const series = kinds.occupancy(life, full);
    const judged = { series, hours, metric: 'handles', limit: 1, said: 'accused' } as const;
    return { full, count: countOf(judged) };
  });
  const [worst = { full: 0, count: 0 }] = counts.sort((a, b) => b.count - a.count);
  const what = `handles that live ${life} run, ${hours} h, worst at ${worst.full}`;
  return { what, said: 'accused', n: SERIES, count: worst.count, aim: percent('<=', 5) };
}

export function simulateDrift(): TruthRow[] {
  const free = Object.entries(LEAK_FREE).flatMap(([name, kind]) =>
    HOURS.map((hours) => leakFreeRow(name, kind, hours)),
  );
  const filling = LIVES.flatMap((life) => HOURS.map((hours) => occupancyRow(life, hours)));
  return [
    ...free,
    ...filling,
    ...[...LEAKS, ...SOUND, ...NOISY_LEAKS, ...HIDDEN, ...BEYOND].map(row),
  ];
}

type Named = JudgedSeries & { what: string; aim: TruthRow['aim'] };

function row({ what, aim, ...series }: Named): TruthRow {
  const said = `${series.said}, < ${series.limit}/h`;
  return { what, said, n: SERIES, count: countOf(series), aim };
}

const { leak, sumOf, white } = kinds;
const accused = { said: 'accused', aim: percent('>=', 95) } as const;
const little = white(NOISE_MIB);

const LEAKS: Named[] = [
  {
    what: '1 MiB/h under saw-teeth of 20 MiB and 10 min, 8 h',
    hours: 8,
    limit: 0.5,
    series: sumOf(leak(1), kinds.sawTeethOfMinutes(10)(20), little),
  },
  { what: '1 MiB/h, noise 0.2 MiB, 1 h', hours: 1, limit: 0.5, series: sumOf(leak(1), white(0.2)) },
  ...[4, 64, 256].map((kb) => ({
    what: `2 MiB/h in steps of ${kb} KiB, 40 min`,
    hours: 40 / 60,
    limit: 1,
    series: kinds.inStepsOf(kb / 1024, sumOf(leak(2), little)),
  })),
  {
    what: '1 handle a minute, 40 min',
    hours: 40 / 60,
    limit: 20,
    metric: 'handles' as const,
    series: kinds.inStepsOf(1, leak(60)),
  },
  { what: '2 MiB/h alone, 2 h', hours: 2, limit: 1, series: leak(2) },
  { what: '2 MiB/h, noise 0.05 MiB, 8 h', hours: 8, limit: 1, series: sumOf(leak(2), little) },
  {
    what: '2 MiB/h behind a start of 5 MiB, 40 min',
    hours: 40 / 60,
    limit: 1,
    series: sumOf(leak(2), kinds.settling(0.1)(5), little),
  },
].map((each) => ({ ...each, ...accused }));

/** Sound series as long as the night bench. */
const SOUND: Named[] = [
  { what: 'never changes, 40 min', series: leak(0) },
  { what: 'flat, noise 0.05 MiB, 40 min', series: little },
  {
    what: 'a start of 5 MiB in a tenth, then flat, 40 min',
    series: sumOf(kinds.settling(0.1)(5), little),
  },
  { what: 'a random walk of 0.1 MiB, 40 min', series: kinds.randomWalk(0.1) },
].map((each) => ({
  ...each,
  hours: 40 / 60,
  limit: LIMIT,
  said: 'held' as const,
  aim: percent('>=', 95),
}));

/** Leaks in noise: not always found, but rarely claimed to be below half of their slope. */
const NOISY_LEAKS: Named[] = [
  { what: '2 MiB/h, noise 0.5 MiB, 40 min', hours: 40 / 60, series: white(0.5) },
  {
    what: '2 MiB/h, AR(1) phi 0.8 of 0.5 MiB, 40 min',
    hours: 40 / 60,
    series: kinds.autoregressive(0.8)(0.5),
  },
  {
    what: '2 MiB/h, AR(1) phi 0.95 of 2 MiB, 2 h',
    hours: 2,
    series: kinds.autoregressive(0.95)(2),
  },
  { what: '2 MiB/h under 2 saw-teeth of 2 MiB, 2 h', hours: 2, series: kinds.sawTeeth(2)(2) },
  { what: '2 MiB/h under 7 saw-teeth of 20 MiB, 2 h', hours: 2, series: kinds.sawTeeth(7)(20) },
  { what: '2 MiB/h under 12 saw-teeth of 20 MiB, 2 h', hours: 2, series: kinds.sawTeeth(12)(20) },
  { what: '2 MiB/h, 10 plateaus of 1 MiB, 2 h', hours: 2, series: kinds.plateaus(10)(1) },
].map(({ series, ...each }) => ({
  ...each,
  series: sumOf(leak(2), series, little),
  limit: 1,
  said: 'held' as const,
  aim: percent('<=', 5),
}));

/** Leaks under a figure that falls throughout the measurement. */
const HIDDEN: Named[] = [
  [0.4, 5],
  [0.4, 30],
  [0.8, 5],
  [0.8, 30],
].map(([share = 0, amplitude = 0]) => ({
  what: `2 MiB/h under a decay of ${amplitude} MiB, time constant ${share} run, 2 h`,
  hours: 2,
  series: sumOf(leak(2), kinds.decay(share)(amplitude), little),
  limit: 1,
  said: 'held' as const,
  aim: percent('<=', 5),
}));

/**
 * What no rule can distinguish from a leak within two hours (the flank of a daily cycle under
 * noise, a cache that reaches its limit too late for the noise, a slow fill under much noise), and
 * what looks bent by chance (a random walk bends at any scale).
 */
const BEYOND: Named[] = [
  ...[5, 10, 20].map((amplitude) => ({
    what: `a cycle of 24 h, ${amplitude} MiB, noise 0.2 MiB, 2 h`,
    hours: 2,
    series: sumOf(kinds.daily(amplitude), white(0.2)),
  })),
  ...[5, 50, 500].map((amplitude) => ({
    what: `a cache of ${amplitude} MiB, full in the last tenth, 2 h`,
    hours: 2,
    series: sumOf(kinds.lateLimit(amplitude), little),
  })),
  {
    what: 'a fill of 4 MiB, time constant 1.5 run, noise 1 MiB, 2 h',
    hours: 2,
    series: sumOf(kinds.fill(1.5)(8.22), white(1)),
  },
  ...[100, 400, 1600].map((handles) => ({
    what: `${handles} handles leaked at random times, 2 h`,
    hours: 2,
    metric: 'handles' as const,
    limit: handles / 4,
    series: kinds.leakAtRandom(handles),
  })),
  ...[0.03, 0.1].flatMap((walk) => [
    {
      what: `2 MiB/h with a random walk of ${walk} MiB, 40 min`,
      hours: 40 / 60,
      series: sumOf(leak(2), kinds.randomWalk(walk)),
    },
    {
      what: `2 MiB/h with a random walk of ${walk} MiB, behind a start of 0.6 MiB, 40 min`,
      hours: 40 / 60,
      series: sumOf(leak(2), kinds.randomWalk(walk), kinds.settling(1 / 40)(0.6)),
    },
  ]),
].map((each) => ({ limit: LIMIT, ...each, said: 'accused' as const, aim: null }));
