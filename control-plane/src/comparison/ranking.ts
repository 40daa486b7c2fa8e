import {
  type Cell,
  DIFFERENCE_METRICS,
  INTERVAL_PERCENT,
  type RankedCell,
  type Ranking,
  type SoakSpec,
} from '@oversoak/contracts';
import { type CellRepeats, isAboveZero, valuesOf } from './difference.ts';
import { type Pair, RANKED, type RankedMetric, rankingWords } from './ranking-words.ts';
import {
  meanOfRepeats,
  type RepeatValue,
  ratioOfRepeats,
  usualScatterOf,
} from './ratio-of-repeats.ts';

/** A cell of a soak with its repeats. */
export interface RankableCell extends CellRepeats {
  cell: Cell;
}

interface Measured {
  cell: Cell;
  ranked: RankedCell;
  values: RepeatValue[];
}

function measured({ cell, ...of }: RankableCell, metric: RankedMetric): Measured[] {
  const values = valuesOf(of, metric);
  // 0 has no logarithm; it occurs when the clock is too coarse for the CPU time.
  if (values.length === 0 || !values.every(isAboveZero)) return [];
  const { value, interval } = meanOfRepeats(values);
  const [low, high] = [interval?.low ?? null, interval?.high ?? null];
  return [{ cell, values, ranked: { key: of.key, value, low, high, repeats: values.length } }];
}

function pairsOf(count: number): Pair[] {
  return Array.from({ length: count }, (_, better) =>
    Array.from({ length: count - better - 1 }, (__, more) => ({
      better,
      worse: better + more + 1,
    })),
  ).flat();
}

/**
 * The pairs that can be told apart, by Holm's method: of m pairs, the clearest must be significant
 * at 1/m of the level, the next at 1/(m−1), and the first failure ends it. The level then bounds
 * the share of rankings with any wrong claim. The repeats of a soak are interleaved.
 */
function toldApart(cells: readonly Measured[]): Pair[] {
  const usualScatter = usualScatterOf(cells.map(({ values }) => values));
  const pairs = pairsOf(cells.length).map((pair) => {
    const [left, right] = [cells[pair.better]?.values ?? [], cells[pair.worse]?.values ?? []];
    const claims = left.length > 1 && right.length > 1;
    return { pair, p: claims ? ratioOfRepeats(left, right, true, usualScatter).p : 1 };
  });
  const level = 1 - INTERVAL_PERCENT / 100;
  const bySurety = pairs.toSorted((a, b) => a.p - b.p);
  const fails = bySurety.findIndex(({ p }, at) => p > level / (pairs.length - at));
  const held = fails === -1 ? bySurety : bySurety.slice(0, fails);
  return held.map(({ pair }) => pair);
}

function rankingOf(
  metric: RankedMetric,
  sessions: number,
  cells: readonly RankableCell[],
): Ranking[] {
  const { best } = RANKED[metric];
  const sign = best === 'lowest' ? 1 : -1;
  const ordered = cells
    .flatMap((cell) => measured(cell, metric))
    .sort((a, b) => sign * (a.ranked.value - b.ranked.value));
  if (ordered.length < 2) return [];
  const apart = toldApart(ordered);
  const ranked = ordered.map((of) => of.ranked);
  const keyAt = (place: number) => ranked[place]?.key ?? '';
  return [
    {
      metric,
      unit: DIFFERENCE_METRICS[metric],
      sessions,
      best,
      cells: ranked,
      apart: apart.map(({ better, worse }) => ({ better: keyAt(better), worse: keyAt(worse) })),
      words: rankingWords(
        metric,
        ordered.map(({ cell, ranked: of }) => ({ cell, ...of })),
        apart,
      ),
    },
  ];
}

/**
 * Rankings of a soak's own cells. Cells with different numbers of sessions do different work, so
 * they are ranked separately. The spec sets the rate of an open loop, so only a closed loop's rate
 * is ranked.
 */
export function rankingsOf(
  { workload }: Pick<SoakSpec, 'workload'>,
  cells: readonly RankableCell[],
): Ranking[] {
  const own = cells.filter(({ cell }) => cell.side === undefined);
  const metrics = (Object.keys(RANKED) as RankedMetric[]).filter(
    (metric) => metric !== 'sent.rate' || workload.pacing === 'closed',
  );
  return [...Map.groupBy(own, ({ cell }) => cell.sessions)].flatMap(([sessions, like]) =>
    metrics.flatMap((metric) => rankingOf(metric, sessions, like)),
  );
}
