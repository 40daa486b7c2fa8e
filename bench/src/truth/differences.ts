import {
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  differenceText,
  type MetricDifference,
  NOTIFIERS,
} from '@oversoak/contracts';
import { cellDifference } from '@oversoak/control-plane/comparison/difference';
import { type Repeat, repeatOf } from '@oversoak/control-plane/comparison/repeat';
import { expand } from '@oversoak/control-plane/submit/expand';
import { type Chance, NOISES, seededChance } from './chance.ts';
import { madeResult } from './made-result.ts';
import type { TruthRow } from './row.ts';

const SEED = 0.12;
const P99 = 'echo.latency.p99';
const FALSE_CLAIMS = { operator: '<=', percent: 5 } as const;
const atLeast = (percent: number) => ({ operator: '>=', percent }) as const;

const NONE = Object.fromEntries(
  Object.keys(DIFFERENCE_METRICS).map((name) => [name, null]),
) as Repeat['figures'];

/** A repeat with this p99 and no other figure. */
export function madeRepeat(repeat: number, p99Us: number): Repeat {
  const figures = { ...NONE, [P99]: p99Us };
  return { repeat, gang: 'simulated', platform: ['simulated'], disturbedPercent: 0, figures };
}

/** The text that a user reads for one metric of two cells. */
function wordOf(
  left: readonly Repeat[],
  right: readonly Repeat[],
  interleaved: boolean,
  metric: DifferenceMetric = P99,
): string {
  const { metrics } = cellDifference(
    { key: 'left', repeats: left },
    { key: 'right', repeats: right },
    interleaved,
  );
  const found = metrics.find((each): each is MetricDifference => each.metric === metric);
  if (found === undefined) throw new Error(`no difference of ${metric}`);
  return differenceText(found);
}

const reportsDifference = (word: string) => /^[\d,.]+ % (higher|lower)/.test(word);
const reportsHigher = (word: string) => /^[\d,.]+ % higher/.test(word);

interface Simulated {
  repeats: number;
  /** Standard deviation of the logarithms, in percent. */
  scatterPercent: number;
  noise?: string;
  ratio?: number;
  /** Standard deviation in percent of what the two repeats with the same number share. */
  sharedPercent?: number;
  interleaved: boolean;
}

/** Rounds a p99 as a histogram does, to about three digits. */
const readOff = (valueUs: number) => Number(valueUs.toPrecision(4));

function sides(of: Simulated, chance: Chance) {
  const { repeats, scatterPercent, noise = 'normal', ratio = 1, sharedPercent = 0 } = of;
  const draw = NOISES[noise];
  if (draw === undefined) throw new Error(`no noise "${noise}"`);
  const left: Repeat[] = [];
  const right: Repeat[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    const shared = (sharedPercent / 100) * chance.normal();
    const value = (shift: number) =>
      readOff(10_000 * Math.exp(shared + (scatterPercent / 100) * draw(chance)) * shift);
    left.push(madeRepeat(repeat, value(1)));
    right.push(madeRepeat(repeat, value(ratio)));
  }
  return { left, right };
}

function row(
  what: string,
  of: Simulated,
  chance: Chance,
  {
    n,
    aim,
    said,
  }: { n: number; aim: TruthRow['aim']; said: 'reported different' | 'reported higher' },
): TruthRow {
  const counts = said === 'reported higher' ? reportsHigher : reportsDifference;
  let count = 0;
  for (let simulated = 0; simulated < n; simulated++) {
    const { left, right } = sides(of, chance);
    if (counts(wordOf(left, right, of.interleaved))) count += 1;
  }
  return { what, said, n, count, aim };
}

const HOW = { false: 'two soaks', true: 'one soak' } as const;
const textOf = ({ repeats, scatterPercent, noise = 'normal', interleaved }: Simulated) =>
  `${repeats} repeats, ${scatterPercent} % ${noise}, ${HOW[`${interleaved}`]}`;

function equalCells(chance: Chance): TruthRow[] {
  const counted = { n: 2000, aim: FALSE_CLAIMS, said: 'reported different' } as const;
  const all = [3, 5, 10].flatMap((repeats) =>
    [false, true].flatMap((interleaved): Simulated[] => [
      ...[0, 1, 2, 5, 10, 15].map((scatterPercent) => ({ repeats, scatterPercent, interleaved })),
      ...Object.keys(NOISES)
        .filter((noise) => noise !== 'normal')
        .map((noise) => ({ repeats, scatterPercent: 5, noise, interleaved })),
    ]),
  );
  return all.map((of) => row(`A/A, ${textOf(of)}`, of, chance, counted));
}

/** A machine whose runs differ by their place in the order of the soak. */
const MACHINES: Record<string, (place: number) => number> = {
  'gets slower by 2 % a run': (place) => 0.02 * place,
  'is slow by 2 % every other run': (place) => 0.02 * (place % 2),
};

/** Equal cells on such a machine, in the order in which a soak runs its repeats. */
function changingMachines(chance: Chance): TruthRow[] {
  const n = 1000;
  return Object.entries(MACHINES).flatMap(([machine, slower]) =>
    [3, 5, 10].map((repeats): TruthRow => {
      const matrix = { notifier: NOTIFIERS.slice(0, 2), sessions: [100] };
      const order = expand({ spec: { matrix, repeats } });
      const [first] = order;
      let count = 0;
      for (let simulated = 0; simulated < n; simulated++) {
        const runs = order.map(({ cell, repeat }, place) => ({
          isLeft: cell.notifier === first?.cell.notifier,
          made: madeRepeat(
            repeat,
            readOff(10_000 * Math.exp(slower(place) + 0.004 * chance.normal())),
          ),
        }));
        const side = (isLeft: boolean) =>
          runs.filter((each) => each.isLeft === isLeft).map(({ made }) => made);
        if (reportsDifference(wordOf(side(true), side(false), true))) count += 1;
      }
      const what = `A/A, ${repeats} repeats of 0.4 %, a machine that ${machine}`;
      return { what, said: 'reported different', n, count, aim: FALSE_CLAIMS };
    }),
  );
}

/** Figures without scatter, one histogram step apart. */
function stepApart(): TruthRow {
  const side = (p99Us: number) => [1, 2, 3, 4, 5].map((repeat) => madeRepeat(repeat, p99Us));
  const steps = Array.from({ length: 1000 }, (_, index) => 1000 + index);
  const reported = steps.filter((us) => reportsDifference(wordOf(side(us), side(us + 1), true)));
  const what = 'A/A, 5 repeats of 0 %, one step of the histogram apart';
  const { length: n } = steps;
  return { what, said: 'reported different', n, count: reported.length, aim: FALSE_CLAIMS };
}

function changes(chance: Chance): TruthRow[] {
  const aims: [number, number, TruthRow['aim']][] = [
    [2, 5, atLeast(90)],
    [5, 3, null],
    [5, 5, atLeast(60)],
    [5, 10, atLeast(90)],
  ];
  const rows = aims.flatMap(([scatterPercent, repeats, aim]) =>
    [false, true].map((interleaved) => {
      const of = { repeats, scatterPercent, interleaved, ratio: 1.1 };
      return row(`+10 %, ${textOf(of)}`, of, chance, { n: 1000, aim, said: 'reported higher' });
    }),
  );
  const others = Object.keys(NOISES).filter((noise) => noise !== 'normal');
  return [
    ...rows,
    ...others.map((noise) => {
      const of = { repeats: 5, scatterPercent: 5, noise, interleaved: false, ratio: 1.1 };
      return row(`+10 %, ${textOf(of)}`, of, chance, {
        n: 1000,
        aim: null,
        said: 'reported higher',
      });
    }),
  ];
}

/** Nights that differ by 5 % for no reason, and repeats that share an hour's conditions. */
function nights(chance: Chance): TruthRow[] {
  const rows: TruthRow[] = [];
  for (const [scatterPercent, sharedPercent] of [
    [1, 5],
    [5, 5],
    [2, 15],
  ] as const) {
    for (const repeats of [3, 5, 10]) {
      const of = { repeats, scatterPercent, sharedPercent, interleaved: true };
      const what = `nights 5 % apart, interleaved, ${repeats} repeats of ${scatterPercent} %, hours of ${sharedPercent} %`;
      rows.push(row(what, of, chance, { n: 1000, aim: FALSE_CLAIMS, said: 'reported different' }));
    }
  }
  let count = 0;
  const n = 1000;
  for (let simulated = 0; simulated < n; simulated++) {
    const ratio = Math.exp(0.05 * Math.SQRT2 * chance.normal());
    const { left, right } = sides(
      { repeats: 5, scatterPercent: 2, ratio, interleaved: false },
      chance,
    );
    if (reportsDifference(wordOf(left, right, false))) count += 1;
  }
  const what = 'nights 5 % apart, one soak after the other, 5 repeats of 2 %';
  return [...rows, { what, said: 'reported different', n, count, aim: null }];
}

const WINDOWS = 60;
const ECHOES = 100;

/** Kinds of slow windows, in which part of the latencies is five times as high. */
const SLOW: Record<string, (latencyUs: number, share: number) => number> = {
  'whole windows': (latencyUs) => 5 * latencyUs,
  'the slowest 5 % of their echoes': (latencyUs, share) =>
    share >= 0.95 ? 5 * latencyUs : latencyUs,
  'the slowest 1 % of their echoes': (latencyUs, share) =>
    share >= 0.99 ? 5 * latencyUs : latencyUs,
};

/** A run with lognormal latencies that vary by 5 % between repeats and by 20 % between windows. */
function run(repeat: number, slow: keyof typeof SLOW | null, chance: Chance): Repeat {
  const ofRun = 1000 * Math.exp(0.05 * chance.normal());
  const windows = Array.from({ length: WINDOWS }, () => {
    const middle = ofRun * Math.exp(0.2 * chance.normal());
    const echoes = Array.from({ length: ECHOES }, () => middle * Math.exp(chance.normal() / 2));
    const slower = slow === null || chance.uniform() >= 0.1 ? undefined : SLOW[slow];
    if (slower === undefined) return echoes;
    return echoes.sort((a, b) => a - b).map((us, at) => slower(us, at / ECHOES));
  });
  return repeatOf(madeResult(repeat, windows));
}

/** From a run's histograms to the text. */
function slowWindows(chance: Chance): TruthRow[] {
  const n = 400;
  const five = (slow: keyof typeof SLOW | null) =>
    [1, 2, 3, 4, 5].map((repeat) => run(repeat, slow, chance));
  const tail: DifferenceMetric[] = [P99, 'echo.latency.slowest'];
  const kinds: [string, keyof typeof SLOW | null, TruthRow['aim']][] = [
    ['equal runs, from their histograms', null, FALSE_CLAIMS],
    ...Object.keys(SLOW).map((slow): [string, string, TruthRow['aim']] => [
      `a tenth of the windows, ${slow} × 5`,
      slow,
      null,
    ]),
  ];
  return kinds.flatMap(([what, slow, aim]) => {
    const words = Array.from({ length: n }, () => {
      const [left, right] = [five(null), five(slow)];
      return tail.map((metric) => wordOf(left, right, true, metric));
    });
    const counts = slow === null ? reportsDifference : reportsHigher;
    const said = slow === null ? 'reported different' : 'reported higher';
    const each = tail.map((metric, at) => {
      const count = words.filter((of) => counts(of[at] ?? '')).length;
      return { what: `${what}, 5 repeats`, said: `${metric} ${said}`, n, count, aim };
    });
    if (slow === null) return each;
    const count = words.filter((of) => of.some(counts)).length;
    const said2 = `either of them ${said}`;
    return [...each, { what: `${what}, 5 repeats`, said: said2, n, count, aim: atLeast(80) }];
  });
}

/** How often comparisons of two cells report a difference that exists, and one that does not. */
export function simulateDifferences(): TruthRow[] {
  const chance = seededChance(SEED);
  return [
    ...equalCells(chance),
    ...changingMachines(chance),
    stepApart(),
    ...changes(chance),
    ...nights(chance),
    ...slowWindows(chance),
  ];
}
