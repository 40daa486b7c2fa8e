import { cellKey } from '@oversoak/contracts';
import type { RunRecord } from '../run/record.ts';
import type { Runs } from '../store/runs.ts';
import type { ObservedCell } from './difference.ts';
import { type ObservedRun, observedRun } from './observed.ts';

/** A cell of a stored soak, and why runs of it do not count. */
export interface StoredCell extends ObservedCell {
  runs: ObservedRun[];
  leftOut: string[];
}

/** Why a run has no figures to go by; null where it has. */
function reasonAgainst({ state, judgement }: RunRecord): string | null {
  if (state !== 'done' || judgement === null) return 'not done';
  const { verdict } = judgement;
  return verdict === 'inconclusive' || verdict === 'cancelled' ? verdict : null;
}

/** One result after the other: that of a night is megabytes. */
export async function observeCell(
  key: string,
  records: readonly RunRecord[],
  windowSeconds: number,
  runs: Pick<Runs, 'result'>,
): Promise<StoredCell> {
  const cell: StoredCell = { key, runs: [], leftOut: [] };
  for (const run of records.filter((record) => cellKey(record.cell) === key)) {
    const reason = reasonAgainst(run);
    const result = reason === null ? await runs.result(run.runId) : null;
    if (result !== null) cell.runs.push(await observedRun(result, windowSeconds));
    else cell.leftOut.push(`${key} #${run.repeat} (${reason ?? 'no result'})`);
  }
  return cell;
}
