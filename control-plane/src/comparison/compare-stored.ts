import { setImmediate as otherWork } from 'node:timers/promises';
import {
  type AgainstBaseline,
  type Cell,
  type ComparedCell,
  type ComparedPrediction,
  type Comparison,
  cellKey,
} from '@oversoak/contracts';
import { publicRun } from '../model/run-record.ts';
import { comparePredictions, predictionsOf } from '../prediction/compare.ts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord } from '../store/soaks.ts';
import { soakCells } from '../submit/expand.ts';
import { leftOutText, reasonAgainst } from './cell-repeats.ts';
import { type ComparedRun, compareCell, compareSoak, completeResults } from './compare.ts';
import { cellDifference } from './difference.ts';
import { differingFields, disturbedNote, leftOutNote } from './difference-notes.ts';
import { type RankableCell, rankingsOf } from './ranking.ts';
import { repeatOf } from './repeat.ts';

/** Compares each of the soak's cells with the interleaved baseline cell of the same key. */
function againstBaseline(
  { spec, against }: SoakRecord,
  cells: readonly RankableCell[],
): AgainstBaseline | null {
  if (against === undefined) return null;
  const { baseline, soakId } = against;
  // Only cells with the same key are compared; further cells of either side are ignored.
  const differs = differingFields(against.spec, spec).filter(
    (field) => !field.startsWith('matrix'),
  );
  const differences = cells.flatMap((own) => {
    const key = cellKey({ ...own.cell, side: 'baseline' });
    const like = own.cell.side === undefined ? cells.find((cell) => cell.key === key) : undefined;
    return like === undefined ? [] : [cellDifference(like, own, true)];
  });
  return { baseline, soakId, differs, cells: differences };
}

type StoredRuns = Pick<Runs, 'getAll' | 'result'>;

/** Yields one cell at a time, so that only its results are in memory. */
export async function* storedCells(
  soak: SoakRecord,
  runs: StoredRuns,
): AsyncGenerator<{ cell: Cell; compared: ComparedRun[] }> {
  const all = await runs.getAll(soak.runIds);
  for (const cell of soakCells(soak)) {
    const key = cellKey(cell);
    const compared: ComparedRun[] = [];
    for (const run of all.filter((one) => cellKey(one.cell) === key)) {
      const result = run.state === 'done' ? await runs.result(run.runId) : null;
      compared.push({ run: publicRun(run), result });
      await otherWork();
    }
    yield { cell, compared };
  }
}

type EachCell = (cell: Cell, compared: readonly ComparedRun[]) => Promise<void>;

/** `each` sees the results of a cell while they are in memory. */
export async function compareStored(
  soak: SoakRecord,
  runs: StoredRuns,
  each: EachCell = async () => undefined,
): Promise<Comparison> {
  const stated = predictionsOf(soak.spec.predictions);
  const predictions: ComparedPrediction[] = [];
  const cells: ComparedCell[] = [];
  const repeats: RankableCell[] = [];
  const leftOut: string[] = [];
  for await (const { cell, compared } of storedCells(soak, runs)) {
    cells.push(compareCell(cell, compared));
    await each(cell, compared);
    repeats.push({ key: cellKey(cell), cell, repeats: soundRepeats(compared) });
    leftOut.push(...unsoundRuns(compared));
    // Predictions of the spec do not apply to the baseline's cells.
    if (cell.side !== undefined) continue;
    predictions.push(...comparePredictions(cell, completeResults(compared), stated));
  }
  const rankings = rankingsOf(soak.spec, repeats);
  const against = againstBaseline(soak, repeats);
  const readers = [
    ...(rankings.length === 0 ? [] : ['the rankings']),
    ...(against === null ? [] : ['the comparison with the baseline']),
  ];
  const what = `${readers.join(' and ')}, but not of the figures of the cells`;
  const notes = [
    ...(readers.length === 0 ? [] : leftOutNote(what, leftOut)),
    ...disturbedNote('', repeats),
  ];
  return compareSoak(soak, cells, { predictions, rankings, against, notes });
}

/** Of the runs that are done, those that are no repeat of the rankings. */
function unsoundRuns(runs: readonly ComparedRun[]): string[] {
  return runs.flatMap(({ run, result }) => {
    const reason = reasonAgainst(run);
    if (run.state !== 'done' || (reason === null && result !== null)) return [];
    return [leftOutText(cellKey(run.cell), run.repeat, reason)];
  });
}

function soundRepeats(runs: readonly ComparedRun[]): RankableCell['repeats'] {
  return runs.flatMap(({ run, result }) =>
    result === null || reasonAgainst(run) !== null ? [] : [repeatOf(result)],
  );
}
