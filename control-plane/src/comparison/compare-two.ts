import type { SoakDifference } from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import type { Runs } from '../store/runs.ts';
import type { Soaks } from '../store/soaks.ts';
import { readCell, type StoredCell } from './cell-repeats.ts';
import { cellDifference } from './difference.ts';
import { differenceNotes, type ReadSide } from './difference-notes.ts';
import {
  resolveSide,
  type Side,
  type SideStores,
  type Unresolved,
  unresolved,
} from './resolve-selector.ts';
import { matchCells } from './selector.ts';

export interface DifferenceStores extends SideStores {
  soaks: Pick<Soaks, 'get'>;
  runs: Pick<Runs, 'getAll' | 'result'>;
}

/** Reads each compared cell of a side once. */
async function readSide(
  { soak }: Side,
  keys: readonly string[],
  runs: DifferenceStores['runs'],
): Promise<ReadSide> {
  const records = await runs.getAll(soak.runIds);
  const cells: StoredCell[] = [];
  for (const key of distinct(keys)) cells.push(await readCell(key, records, runs));
  return { soak, cells };
}

function platforms(cells: readonly StoredCell[]): string[] {
  const repeats = cells.flatMap((cell) => cell.repeats);
  return distinct(repeats.flatMap(({ platform }) => platform)).sort();
}

const shown = ({ selector, soak: { soakId, name } }: Side) => ({ selector, soakId, name });

/** Compares two soaks, or cells of them; `matchCells` pairs the cells. */
export async function compareTwo(
  selectors: { left: string; right: string },
  stores: DifferenceStores,
): Promise<SoakDifference | Unresolved> {
  const left = await resolveSide(selectors.left, '/left', stores);
  const right = await resolveSide(selectors.right, '/right', stores);
  if ('problems' in left || 'problems' in right) return unresolved([left, right]);

  const { pairs, unmatched } = matchCells(left, right);
  const keys = (side: 'left' | 'right') => pairs.map((pair) => pair[side]);
  const ofLeft = await readSide(left, keys('left'), stores.runs);
  const ofRight = await readSide(right, keys('right'), stores.runs);
  const find = ({ cells }: ReadSide, key: string) =>
    cells.find((cell) => cell.key === key) ?? { key, repeats: [] };
  const tookTurns = left.soak.soakId === right.soak.soakId;
  return {
    left: shown(left),
    right: shown(right),
    platform: platforms([...ofLeft.cells, ...ofRight.cells]),
    cells: pairs.map((pair) =>
      cellDifference(find(ofLeft, pair.left), find(ofRight, pair.right), tookTurns),
    ),
    unmatched,
    notes: differenceNotes(ofLeft, ofRight),
  };
}
