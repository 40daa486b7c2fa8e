import { setImmediate as otherWork } from 'node:timers/promises';
import { type Cell, type ComparedPrediction, type Comparison, cellKey } from '@oversoak/contracts';
import { comparePredictions, predictionsOf } from '../prediction/compare.ts';
import { publicRun } from '../run/record.ts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord } from '../store/soaks.ts';
import { cellsOf } from '../submit/expand.ts';
import { type ComparedRun, compareCell, compareSoak, completeResults } from './compare.ts';
import { compareTwins } from './noise-stored.ts';

type StoredRuns = Pick<Runs, 'getAll' | 'result'>;

/** One cell after the other, so that the results of one cell at a time are in memory. */
export async function* storedCells(
  soak: Pick<SoakRecord, 'spec' | 'runIds'>,
  runs: StoredRuns,
): AsyncGenerator<{ cell: Cell; compared: ComparedRun[] }> {
  const all = await runs.getAll(soak.runIds);
  for (const cell of cellsOf(soak.spec)) {
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

export async function compareStored(soak: SoakRecord, runs: StoredRuns): Promise<Comparison> {
  const predictions = predictionsOf(soak.spec.predictions);
  const predicted: ComparedPrediction[] = [];
  const cells = [];
  for await (const { cell, compared } of storedCells(soak, runs)) {
    cells.push(compareCell(cell, compared));
    predicted.push(...comparePredictions(cell, completeResults(compared), predictions));
  }
  return compareSoak(soak, cells, await compareTwins(soak, runs), predicted);
}
