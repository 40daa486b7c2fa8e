import { setImmediate as otherWork } from 'node:timers/promises';
import {
  type CellDifference,
  cellKey,
  type Problem,
  type SoakDifference,
} from '@oversoak/contracts';
import type { RunRecord } from '../run/record.ts';
import type { Baselines } from '../store/baselines.ts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord, Soaks } from '../store/soaks.ts';
import { cellsOf } from '../submit/expand.ts';
import { cellDifference } from './difference.ts';
import { differenceNotes, type ObservedSide } from './difference-notes.ts';
import { findNoise, gangOf } from './noise-stored.ts';
import { sharedWindowSeconds } from './observations.ts';
import { observeCell, type StoredCell } from './observe-stored.ts';
import { distinct } from './pooled.ts';
import { matchCells, parseSelector, SELECTOR_FORMS } from './selector.ts';

export interface DifferenceStores {
  soaks: Pick<Soaks, 'get' | 'newest'>;
  runs: Pick<Runs, 'getAll' | 'result'>;
  baselines: Pick<Baselines, 'get' | 'list'>;
}

/** A selector that names nothing: badly written (400), or of nothing that is there (404). */
export interface Unresolved {
  status: 400 | 404;
  problems: Problem[];
}

interface Side {
  selector: string;
  soak: SoakRecord;
  keys: string[];
  cell: string | null;
}

async function resolve(
  selector: string,
  pointer: string,
  { soaks, baselines }: DifferenceStores,
): Promise<Side | Unresolved> {
  const refused = (status: 400 | 404, detail: string): Unresolved => ({
    status,
    problems: [{ pointer, detail }],
  });
  const parsed = parseSelector(selector);
  if (parsed === null) return refused(400, `"${selector}" is none of ${SELECTOR_FORMS}`);
  const { from, cell } = parsed;
  let soakId: string;
  if (from.kind === 'soak') soakId = from.soakId;
  else {
    const baseline = await baselines.get(from.name);
    if (baseline === null) {
      const names = (await baselines.list()).map(({ name }) => name).join(', ') || 'none';
      return refused(404, `no baseline "${from.name}"; there are: ${names}`);
    }
    soakId = baseline.soakId;
  }
  const stored = await soaks.get(soakId);
  if (stored === null) return refused(404, `no soak "${soakId}"; valid: ${SELECTOR_FORMS}`);
  const { soak } = stored;
  const keys = cellsOf(soak.spec).map(cellKey);
  if (cell !== null && !keys.includes(cell)) {
    return refused(404, `soak "${soakId}" has no cell "${cell}"; valid: ${keys.join(', ')}`);
  }
  return { selector, soak, keys, cell };
}

/** The cells of a side that are compared, each read once. */
async function observe(
  { soak }: Side,
  keys: readonly string[],
  windowSeconds: number,
  { runs }: DifferenceStores,
): Promise<StoredCell[]> {
  const records: RunRecord[] = await runs.getAll(soak.runIds);
  const cells: StoredCell[] = [];
  for (const key of distinct(keys)) {
    cells.push(await observeCell(key, records, windowSeconds, runs));
  }
  return cells;
}

function platforms(sides: readonly ObservedSide[]): string[] {
  const runs = sides.flatMap(({ cells }) => cells.flatMap((cell) => cell.runs));
  return distinct(runs.flatMap(({ platform }) => platform)).sort();
}

/** Two soaks, or cells of them, side by side; see `matchCells` for which with which. */
export async function compareTwo(
  selectors: { left: string; right: string },
  stores: DifferenceStores,
): Promise<SoakDifference | Unresolved> {
  const left = await resolve(selectors.left, '/left', stores);
  const right = await resolve(selectors.right, '/right', stores);
  if ('problems' in left || 'problems' in right) return unresolved([left, right]);

  const { pairs, unmatched } = matchCells(left, right);
  const windowSeconds = sharedWindowSeconds([left.soak.spec, right.soak.spec]);
  const observed = async (side: Side, keys: string[]): Promise<ObservedSide> => ({
    soak: side.soak,
    cells: await observe(side, keys, windowSeconds, stores),
  });
  const sides = [
    await observed(
      left,
      pairs.map((pair) => pair.left),
    ),
    await observed(
      right,
      pairs.map((pair) => pair.right),
    ),
  ] as const;
  const gang = gangOf(sides.flatMap(({ cells }) => cells));
  const noise = gang === null ? null : await findNoise(gang, stores);
  const find = ({ cells }: ObservedSide, key: string) =>
    cells.find((cell) => cell.key === key) ?? { key, runs: [] };

  const cells: CellDifference[] = [];
  for (const pair of pairs) {
    cells.push(cellDifference(find(sides[0], pair.left), find(sides[1], pair.right), noise));
    await otherWork();
  }
  const side = ({ selector, soak: { soakId, name } }: Side) => ({ selector, soakId, name });
  return {
    left: side(left),
    right: side(right),
    platform: platforms(sides),
    cells,
    unmatched,
    notes: differenceNotes(...sides, cells, noise, windowSeconds),
  };
}

/** Both sides' problems at once. */
function unresolved(sides: readonly (Side | Unresolved)[]): Unresolved {
  const wrong = sides.filter((side) => 'problems' in side);
  return {
    status: wrong.some(({ status }) => status === 400) ? 400 : 404,
    problems: wrong.flatMap(({ problems }) => problems),
  };
}
