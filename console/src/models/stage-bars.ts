import type { ComparedCell, ReportedCell, Stage } from '@oversoak/contracts';
import { STAGE_NAMES } from '@oversoak/contracts/figures/stages';
import { slowestTitle } from '@oversoak/contracts/results/figure-text';

type Means = NonNullable<ReportedCell['typical']>;

export interface StagePart {
  stage: Stage;
  us: number;
  /** Percent of the longest bar: where it begins, and its length. */
  from: number;
  length: number;
}

export interface StageBar {
  of: string;
  totalUs: number;
  dominating: Stage;
  parts: StagePart[];
}

export interface CellStages {
  key: string;
  bars: StageBar[];
}

const totalOf = ({ meanUs }: Means) => STAGE_NAMES.reduce((sum, stage) => sum + meanUs[stage], 0);

/**
 * Pure: where the time of an echo went, in the middle and in the tail. Bars of one kind share a
 * scale over all cells: the tail would leave nothing to be seen of the middle.
 */
export function stageBars(
  cells: readonly ComparedCell[],
  reported: readonly ReportedCell[],
): CellStages[] {
  const rows = cells.map(({ key, slowest }) => ({
    key,
    typical: reported.find((cell) => cell.key === key)?.typical ?? null,
    slowest,
  }));
  const longest = (of: 'typical' | 'slowest') =>
    Math.max(0, ...rows.map((row) => (row[of] === null ? 0 : totalOf(row[of]))));
  const scale = { typical: longest('typical'), slowest: longest('slowest') };
  return rows
    .map((row) => ({
      key: row.key,
      bars: [
        ...(row.typical === null ? [] : [bar('near the median', row.typical, scale.typical)]),
        ...(row.slowest === null
          ? []
          : [bar(slowestTitle(row.slowest.count), row.slowest, scale.slowest)]),
      ],
    }))
    .filter(({ bars }) => bars.length > 0);
}

function bar(of: StageBar['of'], means: Means, longestUs: number): StageBar {
  const parts: StagePart[] = [];
  let from = 0;
  for (const stage of STAGE_NAMES) {
    const us = means.meanUs[stage];
    const length = longestUs === 0 ? 0 : (us / longestUs) * 100;
    parts.push({ stage, us, from, length });
    from += length;
  }
  return { of, totalUs: totalOf(means), dominating: means.dominating, parts };
}
