import { type DriftMetric, windowSecondsOf } from '@oversoak/contracts';
import { driftOf, isBelow, risesAbove } from '@oversoak/control-plane/judge/drift';
import { randomLcg, randomNormal } from 'd3-random';
import * as kinds from './drift-series.ts';
import type { TruthRow } from './row.ts';

const SEED = 0.4;
const SERIES = 400;
const MB = 1024 ** 2;
/** In MB/h. */
const LIMIT = 1;
const AMPLITUDES_MB = [0.2, 5, 50];
/** On top of every leak-free series. */
const NOISE_MB = 0.05;
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
    [0.1, 0.3, 0.6, 1].map((each) => [`fill, time constant ${each} run`, kinds.fill(each)]),
  ),
  'log t': kinds.logarithm,
  'steps that become rarer': kinds.rarerSteps,
  'a cycle of 24 h': kinds.daily,
  'bursts that decay': kinds.bursts,
};

/** A series, what it is held against and whether that is said. */
interface Told {
  series: kinds.Series;
  hours: number;
  metric?: DriftMetric;
  /** Per hour, in MB or whole things. */
  limit: number;
  said: 'accused' | 'held';
}

function chanceFrom(seed: number): kinds.Chance {
  const source = randomLcg(seed);
  return { uniform: source, normal: randomNormal.source(source)(0, 1) };
}

function countOf({ series, hours, metric = 'workingSet', limit, said }: Told): number {
  const windows = Math.floor((hours * 3600) / windowSecondsOf(hours * 3600));
  const chance = chanceFrom(SEED);
  const unit = metric === 'workingSet' ? MB : 1;
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

/** The amplitude at which it is accused most. */
function leakFreeRow(name: string, kind: kinds.Kind, hours: number): TruthRow {
  const counts = AMPLITUDES_MB.map((amplitude) => {
    const series = kinds.sumOf(kind(amplitude), kinds.white(NOISE_MB));
    return { amplitude, count: countOf({ series, hours, limit: LIMIT, said: 'accused' }) };
  });
  const [worst = { amplitude: 0, count: 0 }] = counts.sort((a, b) => b.count - a.count);
  const what = `${name}, ${hours} h, worst at ${worst.amplitude} MB`;
  return { what, said: 'accused', n: SERIES, count: worst.count, aim: percent('<=', 5) };
}

export function simulateDrift(): TruthRow[] {
  const free = Object.entries(LEAK_FREE).flatMap(([name, kind]) =>
    HOURS.map((hours) => leakFreeRow(name, kind, hours)),
  );
  return [...free, ...[...LEAKS, ...SOUND, ...NOISY_LEAKS, ...BEYOND].map(row)];
}

type Named = Told & { what: string; aim: TruthRow['aim'] };

function row({ what, aim, ...told }: Named): TruthRow {
  const said = `${told.said}, < ${told.limit}/h`;
  return { what, said, n: SERIES, count: countOf(told), aim };
}

const { leak, sumOf, white } = kinds;
const accused = { said: 'accused', aim: percent('>=', 95) } as const;
const little = white(NOISE_MB);

const LEAKS: Named[] = [
  {
    what: '1 MB/h under saw-teeth of 20 MB and 10 min, 8 h',
    hours: 8,
    limit: 0.5,
    series: sumOf(leak(1), kinds.sawTeethOfMinutes(10)(20), little),
  },
  { what: '1 MB/h, noise 0.2 MB, 1 h', hours: 1, limit: 0.5, series: sumOf(leak(1), white(0.2)) },
  ...[4, 64, 256].map((kb) => ({
    what: `2 MB/h in steps of ${kb} KB, 40 min`,
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
  { what: '2 MB/h alone, 2 h', hours: 2, limit: 1, series: leak(2) },
  { what: '2 MB/h, noise 0.05 MB, 8 h', hours: 8, limit: 1, series: sumOf(leak(2), little) },
  {
    what: '2 MB/h behind a start of 5 MB, 40 min',
    hours: 40 / 60,
    limit: 1,
    series: sumOf(leak(2), kinds.settling(0.1)(5), little),
  },
].map((each) => ({ ...each, ...accused }));

/** Of the length of the night's bench. */
const SOUND: Named[] = [
  { what: 'never changes, 40 min', series: leak(0) },
  { what: 'flat, noise 0.05 MB, 40 min', series: little },
  {
    what: 'a start of 5 MB in a tenth, then flat, 40 min',
    series: sumOf(kinds.settling(0.1)(5), little),
  },
  { what: 'a random walk of 0.1 MB, 40 min', series: kinds.randomWalk(0.1) },
].map((each) => ({
  ...each,
  hours: 40 / 60,
  limit: LIMIT,
  said: 'held' as const,
  aim: percent('>=', 95),
}));

/** Not always found, but hardly ever said to be below the half of what they leak. */
const NOISY_LEAKS: Named[] = [
  { what: '2 MB/h, noise 0.5 MB, 40 min', hours: 40 / 60, series: white(0.5) },
  {
    what: '2 MB/h, AR(1) phi 0.8 of 0.5 MB, 40 min',
    hours: 40 / 60,
    series: kinds.autoregressive(0.8)(0.5),
  },
  { what: '2 MB/h, AR(1) phi 0.95 of 2 MB, 2 h', hours: 2, series: kinds.autoregressive(0.95)(2) },
  { what: '2 MB/h under 2 saw-teeth of 2 MB, 2 h', hours: 2, series: kinds.sawTeeth(2)(2) },
  { what: '2 MB/h under 7 saw-teeth of 20 MB, 2 h', hours: 2, series: kinds.sawTeeth(7)(20) },
  { what: '2 MB/h under 12 saw-teeth of 20 MB, 2 h', hours: 2, series: kinds.sawTeeth(12)(20) },
  { what: '2 MB/h, 10 plateaus of 1 MB, 2 h', hours: 2, series: kinds.plateaus(10)(1) },
].map(({ series, ...each }) => ({
  ...each,
  series: sumOf(leak(2), series, little),
  limit: 1,
  said: 'held' as const,
  aim: percent('<=', 5),
}));

/**
 * What no rule on two hours can tell from a leak, the flank of a day under noise; and what looks bent
 * by chance: a walk bends at any scale.
 */
const BEYOND: Named[] = [
  ...[5, 10, 20].map((amplitude) => ({
    what: `a cycle of 24 h, ${amplitude} MB, noise 0.2 MB, 2 h`,
    hours: 2,
    series: sumOf(kinds.daily(amplitude), white(0.2)),
  })),
  {
    what: '2 MB/h with a random walk of 0.1 MB, 40 min',
    hours: 40 / 60,
    series: sumOf(leak(2), kinds.randomWalk(0.1)),
  },
].map((each) => ({ ...each, limit: LIMIT, said: 'accused' as const, aim: null }));
