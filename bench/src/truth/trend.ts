import { type Night, trendOf } from '@oversoak/control-plane/comparison/trend';
import {
  type Chance,
  chanceOf,
  changed,
  DEPENDENT,
  KINDS,
  type Nightly,
  weekly,
} from './nightly-series.ts';
import type { TruthRow } from './row.ts';
import { cusum, selfStartingCusum } from './trend-cusum.ts';
import { eDivisive } from './trend-e-divisive.ts';

/** Per night: whether the nights so far are claimed to differ. */
type Rule = (values: readonly number[]) => boolean[];

const SEED = 0.12;
const DEPENDENT_SEED = 0.56;
const SERIES = 400;
const NIGHTS = 100;
/** For rows that are only printed or that need permutations. */
const FEWER_SERIES = 200;

const P99 = 'echo.latency.p99';
const MIDDLE_US = 10_000;
const DAY_MS = 86_400_000;

const nightOf = (value: number, index: number): Night => ({
  ...{ soakId: `soak-${index}`, tickAtMs: index * DAY_MS, cause: 'tick', measures: 'the same' },
  cells: [
    {
      ...{ key: 'iocp.homo.100', verdict: 'passed', platform: [] },
      figures: { [P99]: MIDDLE_US * Math.exp(value) },
    },
  ],
});

/** The product's assessment of the metric after each night. */
function states(values: readonly number[]) {
  const trend = trendOf('simulated', values.map(nightOf), []);
  const series = trend?.series.find(({ metric }) => metric === P99);
  return (series?.points ?? []).map(({ state }) => state);
}

const kept: Rule = (values) =>
  states(values).map((state) => state === 'regression' || state === 'improvement');
/** Only changes for the worse. */
const keptRegression: Rule = (values) => states(values).map((state) => state === 'regression');

const OTHERS: Record<string, Rule> = {
  'CUSUM k 0.5 h 7, frozen base': cusum,
  'CUSUM k 0.5 h 7, self-starting': selfStartingCusum,
  'E-divisive, 40 nights, p < 0.002': eDivisive,
};

const onsetsOf = (said: readonly boolean[]) =>
  said.filter((is, index) => is && !said[index - 1]).length;

function counted(n: number, count: (made: number) => number): number {
  let total = 0;
  for (let made = 0; made < n; made++) total += count(made);
  return total;
}

const MAX_ONSETS = { operator: '<=', percent: 20 } as const;
const MAX_NIGHTS = { operator: '<=', percent: 5 } as const;

/** Onsets in a series without a change, and the nights on which a change was claimed. */
function quiet(what: string, series: Nightly, isAimed: boolean): TruthRow[] {
  let nightsSaid = 0;
  let suspects = 0;
  const onsets = counted(SERIES, () => {
    const said = states(series(NIGHTS));
    suspects += onsetsOf(said.map((state) => state === 'suspect'));
    const isChanged = said.map((state) => state === 'regression' || state === 'improvement');
    nightsSaid += isChanged.filter((is) => is).length;
    return onsetsOf(isChanged);
  });
  const row = (said: string, n: number, count: number, aim: TruthRow['aim']): TruthRow => ({
    ...{ what: `nothing changed: ${what}`, said, n, count },
    aim: isAimed ? aim : null,
  });
  return [
    row('onsets in 100 nights', SERIES, onsets, MAX_ONSETS),
    row('nights called changed', SERIES * NIGHTS, nightsSaid, MAX_NIGHTS),
    { ...row('suspects in 100 nights', SERIES, suspects, null), aim: null },
  ];
}

interface Found {
  what: string;
  series: Nightly;
  /** Nights before the change, and nights after it within which it must be found. */
  before: number;
  within: number;
  change: (night: number) => number;
  minPercent: number | null;
}

/**
 * How often a change for the worse is found in time. A finding before the change does not count.
 */
function found(rule: Rule, n: number, ask: Found): TruthRow {
  const { what, series, before, within, change, minPercent } = ask;
  const count = counted(n, () => {
    const said = rule(changed(series, before, change)(before + within));
    return said.slice(before).some((is) => is) && !said.slice(0, before).some((is) => is) ? 1 : 0;
  });
  const aim = minPercent === null ? null : ({ operator: '>=', percent: minPercent } as const);
  return { what, said: `found within ${within} nights`, n, count, aim };
}

const step = (ratio: number) => () => Math.log(ratio);
/** Grows by this factor each night. */
const creep = (ratio: number) => (night: number) => night * Math.log(ratio);
/** Number of nights after which 1 % per night adds up to 30 %. */
const NIGHTS_TO_30_PERCENT = 26;

const NOISES = [0.01, 0.02, 0.05, 0.1];
const percentText = (noise: number) => `${Math.round(100 * noise)} % noise`;
const times =
  (series: Nightly, noise: number): Nightly =>
  (nights) =>
    series(nights).map((value) => noise * value);

function kindOf(name: string, chance: Chance, noise: number): Nightly {
  const kind = KINDS[name];
  if (kind === undefined) throw new Error(`no kind "${name}"; valid: ${Object.keys(KINDS).join()}`);
  return times(kind(chance), noise);
}

const AIMED = ['normal', 'heavy-tailed', 'AR(1) 0.3'];

function* quietRows(chance: Chance): Generator<TruthRow> {
  for (const noise of NOISES) {
    for (const name of AIMED) {
      yield* quiet(`${name}, ${percentText(noise)}`, kindOf(name, chance, noise), true);
    }
    yield* quiet(`a week of ±3 %, ${percentText(noise)}`, weekly(chance, noise), true);
  }
  for (const name of Object.keys(KINDS).filter((each) => !AIMED.includes(each))) {
    yield* quiet(`${name}, 5 % noise`, kindOf(name, chance, 0.05), false);
  }
}

/** Those of which a claim is rare. */
const DEPENDENT_AIMED = ['slow month ends', 'a cycle of 30 nights, ±0.5'];

function* dependentRows(chance: Chance): Generator<TruthRow> {
  for (const [name, kind] of Object.entries(DEPENDENT)) {
    const series = times(kind(chance), 0.05);
    yield* quiet(`${name}, 5 % noise`, series, DEPENDENT_AIMED.includes(name));
  }
}

function* foundRows(chance: Chance): Generator<TruthRow> {
  for (const [name, before, minPercent] of [
    ['normal', 6, null],
    ['normal', 8, null],
    ['normal', 10, 90],
    ['normal', 20, 90],
    ['normal', 60, 90],
    ['heavy-tailed', 20, 90],
    ['AR(1) 0.3', 20, null],
  ] as const) {
    const what = `+20 % after ${before} nights, ${name}, 5 % noise`;
    const series = kindOf(name, chance, 0.05);
    const ask = { what, series, before, within: 10, change: step(1.2), minPercent };
    yield found(keptRegression, SERIES, ask);
  }
  for (const noise of NOISES) {
    for (const before of [0, 20, 40]) {
      const what = `1 % a night after ${before} nights, normal, ${percentText(noise)}`;
      const series = kindOf('normal', chance, noise);
      // With 10 % noise, 30 % is only three standard deviations of a night: printed for
      // information.
      const minPercent = noise < 0.1 ? 95 : null;
      const change = creep(1.01);
      const ask = { what, series, before, within: NIGHTS_TO_30_PERCENT, change, minPercent };
      yield found(keptRegression, SERIES, ask);
    }
  }
  for (const noise of NOISES) {
    for (const within of [5, 10, 20]) {
      const what = `+10 % after 20 nights, normal, ${percentText(noise)}`;
      const series = kindOf('normal', chance, noise);
      const ask = { what, series, before: 20, within, change: step(1.1), minPercent: null };
      yield found(keptRegression, SERIES, ask);
    }
  }
}

/** The rules that were rejected, beside the one in use. */
function* otherRows(chance: Chance): Generator<TruthRow> {
  for (const [rule, says] of Object.entries({ 'the rule in use': kept, ...OTHERS })) {
    const n = FEWER_SERIES;
    for (const name of AIMED) {
      const series = kindOf(name, chance, 0.05);
      // Counts series rather than onsets: a rule that wavers around its limit is wrong once.
      const count = counted(n, () => (says(series(NIGHTS)).includes(true) ? 1 : 0));
      const what = `${rule}: nothing changed: ${name}, 5 % noise`;
      yield { what, said: 'changed within 100 nights', n, count, aim: null };
    }
    const series = kindOf('normal', chance, 0.05);
    const ask = { series, before: 20, minPercent: null };
    const steps = { ...ask, within: 10 };
    yield found(says, n, { ...steps, what: `${rule}: +20 %, 5 % noise`, change: step(1.2) });
    yield found(says, n, { ...steps, what: `${rule}: +10 %, 5 % noise`, change: step(1.1) });
    const within = NIGHTS_TO_30_PERCENT;
    const creeps = { ...ask, within, change: creep(1.01) };
    yield found(says, n, { ...creeps, what: `${rule}: 1 % a night, 5 % noise` });
    yield found(says, n, { ...creeps, before: 0, what: `${rule}: from the first night, 5 %` });
  }
}

/** How often the trend of a schedule finds existing and non-existing changes. */
export function simulateTrend(): TruthRow[] {
  const chance = chanceOf(SEED);
  return [
    ...quietRows(chance),
    ...dependentRows(chanceOf(DEPENDENT_SEED)),
    ...foundRows(chance),
    ...otherRows(chance),
  ];
}
