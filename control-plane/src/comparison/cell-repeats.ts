import { setImmediate as otherWork } from 'node:timers/promises';
import { cellKey } from '@oversoak/contracts';
import type { RunRecord } from '../model/run-record.ts';
import type { Runs } from '../store/runs.ts';
import type { CellRepeats } from './difference.ts';
import { type Repeat, repeatOf } from './repeat.ts';

/** A cell of a stored soak, with its excluded runs and the reasons. */
export interface StoredCell extends CellRepeats {
  repeats: Repeat[];
  leftOut: string[];
}

/** Why a run is excluded; null: it counts. */
export function reasonAgainst({
  state,
  judgement,
}: Pick<RunRecord, 'state' | 'judgement'>): string | null {
  if (state !== 'done' || judgement === null) return 'not done';
  if (judgement.loadSound) return null;
  return judgement.verdict === 'cancelled' ? 'cancelled' : 'its load was not sound';
}

/** `reason`: null where it left no result. */
export function leftOutText(key: string, repeat: number, reason: string | null): string {
  return `${key} #${repeat} (${reason ?? 'no result'})`;
}

/** Reads one result at a time: a night's result has megabytes. */
export async function readCell(
  key: string,
  records: readonly RunRecord[],
  runs: Pick<Runs, 'result'>,
): Promise<StoredCell> {
  const cell: StoredCell = { key, repeats: [], leftOut: [] };
  for (const run of records.filter((record) => cellKey(record.cell) === key)) {
    const reason = reasonAgainst(run);
    const result = reason === null ? await runs.result(run.runId) : null;
    if (result !== null) cell.repeats.push(repeatOf(result));
    else cell.leftOut.push(leftOutText(key, run.repeat, reason));
    await otherWork();
  }
  return cell;
}
