import { type Cell, cellKey, NOTIFIERS } from '@oversoak/contracts';
import { rankingsOf } from '@oversoak/control-plane/comparison/ranking';
import { type Chance, NOISES, seededChance } from './chance.ts';
import { madeRepeat } from './differences.ts';
import { SIMULATED_SPEC } from './made-result.ts';
import type { TruthRow } from './row.ts';

const SEED = 0.21;
const N = 1000;

interface Ranked {
  cells: number;
  repeats: number;
  noise: string;
  /** Ratio of the first cell to the others. */
  ratio: number;
}

/** The ranking of a simulated soak; repeats scatter by 5 %, and an hour shifts all cells by 5 %. */
function rankingOf({ cells, repeats, noise, ratio }: Ranked, chance: Chance) {
  const draw = NOISES[noise];
  if (draw === undefined) throw new Error(`no noise "${noise}"`);
  const hours = Array.from({ length: repeats }, () => 0.05 * chance.normal());
  const simulated = NOTIFIERS.slice(0, cells).map((notifier, at) => {
    const cell: Cell = { notifier, layout: 'homo', sessions: 100 };
    const made = hours.map((hour, index) => {
      const value = 10_000 * Math.exp(hour + 0.05 * draw(chance));
      return madeRepeat(index + 1, at === 0 ? value * ratio : value);
    });
    return { cell, key: cellKey(cell), repeats: made };
  });
  const [ranking] = rankingsOf(SIMULATED_SPEC, simulated);
  if (ranking === undefined) throw new Error('no ranking');
  return ranking;
}

/** Equal cells whose figures have two values: repeats of a cell often agree by chance. */
function onTwoLevels(cells: number, repeats: number, chance: Chance) {
  const simulated = NOTIFIERS.slice(0, cells).map((notifier) => {
    const cell: Cell = { notifier, layout: 'homo', sessions: 100 };
    const made = Array.from({ length: repeats }, (_, index) =>
      madeRepeat(index + 1, chance.uniform() < 0.5 ? 10_000 : 10_500),
    );
    return { cell, key: cellKey(cell), repeats: made };
  });
  const [ranking] = rankingsOf(SIMULATED_SPEC, simulated);
  if (ranking === undefined) throw new Error('no ranking');
  return ranking;
}

/** How often a ranking names a best cell, both among equal cells and when there is one. */
export function simulateRankings(): TruthRow[] {
  const chance = seededChance(SEED);
  const rows: TruthRow[] = [];
  const aim = { operator: '<=', percent: 5 } as const;
  for (const noise of ['normal', 'heavy-tailed (t, 3 df)', 'skewed (exponential)']) {
    for (const [cells, repeats] of [
      [2, 5],
      [3, 3],
      [3, 5],
      [6, 5],
      [6, 10],
    ] as const) {
      const of = { cells, repeats, noise, ratio: 1 };
      const rankings = Array.from({ length: N }, () => rankingOf(of, chance));
      const fastest = rankings.filter(({ words }) => / is fastest by p99/.test(words)).length;
      const apart = rankings.filter((ranking) => ranking.apart.length > 0).length;
      const what = `${cells} equal cells, ${repeats} repeats, 5 % ${noise}`;
      rows.push({ what, said: 'names a fastest cell', n: N, count: fastest, aim });
      rows.push({ what, said: 'distinguishes any two', n: N, count: apart, aim });
    }
  }
  for (const [cells, repeats] of [
    [2, 3],
    [3, 3],
    [6, 3],
    [6, 5],
  ] as const) {
    const rankings = Array.from({ length: N }, () => onTwoLevels(cells, repeats, chance));
    const apart = rankings.filter((ranking) => ranking.apart.length > 0).length;
    const what = `${cells} equal cells, ${repeats} repeats on two levels 5 % apart`;
    rows.push({ what, said: 'distinguishes any two', n: N, count: apart, aim });
  }
  for (const repeats of [3, 5, 10]) {
    const of = { cells: 3, repeats, noise: 'normal', ratio: 0.8 };
    const found = Array.from({ length: N }, () => rankingOf(of, chance));
    const count = found.filter(({ words }) => /^iocp is fastest by p99/.test(words)).length;
    const what = `one of 3 cells faster by 20 %, ${repeats} repeats, 5 % normal`;
    rows.push({ what, said: 'names it as fastest', n: N, count, aim: null });
  }
  return rows;
}
