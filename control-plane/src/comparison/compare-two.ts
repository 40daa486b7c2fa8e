import { setImmediate as otherWork } from 'node:timers/promises';
import type { CellDifference, SoakDifference } from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import type { Runs } from '../store/runs.ts';
import type { Soaks } from '../store/soaks.ts';
import { cellDifference } from './difference.ts';
import { differenceNotes, type ObservedSide } from './difference-notes.ts';
import { findNoise, gangOf } from './noise-stored.ts';
import { sharedWindowSeconds } from './observations.ts';
import { observeCell, type StoredCell } from './observe-stored.ts';
import { matchCells } from './selector.ts';
import { resolveSide, type Side, type SideStores, type Unresolved, unresolved } from './side.ts';

export interface DifferenceStores extends SideStores {
  soaks: Pick<Soaks, 'get' | 'newest'>;
  runs: Pick<Runs, 'getAll' | 'result'>;
}

/** The cells of a side that are compared, each read once. */
async function observeSide(
  { soak }: Side,
  keys: readonly string[],
  windowSeconds: number,
  runs: DifferenceStores['runs'],
): Promise<ObservedSide> {
  const records = await runs.getAll(soak.runIds);
  const cells: StoredCell[] = [];
  for (const key of distinct(keys)) {
    cells.push(await observeCell(key, records, windowSeconds, runs));
  }
  return { soak, cells };
}

function platforms(cells: readonly StoredCell[]): string[] {
  const runs = cells.flatMap((cell) => cell.runs);
  return distinct(runs.flatMap(({ platform }) => platform)).sort();
}

const shown = ({ selector, soak: { soakId, name } }: Side) => ({ selector, soakId, name });

/** Two soaks, or cells of them, side by side; see `matchCells` for which with which. */
export async function compareTwo(
  selectors: { left: string; right: string },
  stores: DifferenceStores,
): Promise<SoakDifference | Unresolved> {
  const left = await resolveSide(selectors.left, '/left', stores);
  const right = await resolveSide(selectors.right, '/right', stores);
  if ('problems' in left || 'problems' in right) return unresolved([left, right]);

  const { pairs, unmatched } = matchCells(left, right);
  const seconds = sharedWindowSeconds([left.soak.spec, right.soak.spec]);
  const keys = (side: 'left' | 'right') => pairs.map((pair) => pair[side]);
  const ofLeft = await observeSide(left, keys('left'), seconds, stores.runs);
  const ofRight = await observeSide(right, keys('right'), seconds, stores.runs);
  const all = [...ofLeft.cells, ...ofRight.cells];
  const gang = gangOf(all);
  const noise = gang === null ? null : await findNoise(gang, stores);
  const find = ({ cells }: ObservedSide, key: string) =>
    cells.find((cell) => cell.key === key) ?? { key, runs: [] };

  const cells: CellDifference[] = [];
  for (const pair of pairs) {
    cells.push(cellDifference(find(ofLeft, pair.left), find(ofRight, pair.right), noise));
    await otherWork();
  }
  return {
    left: shown(left),
    right: shown(right),
    platform: platforms(all),
    cells,
    unmatched,
    notes: differenceNotes(ofLeft, ofRight, cells, noise, seconds),
  };
}
