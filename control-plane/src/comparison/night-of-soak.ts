import type { Night, NightCell } from '../store/nights.ts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord } from '../store/soaks.ts';
import { storedCells } from './compare-stored.ts';
import { fingerprint, nightCell } from './night.ts';

/** The night to store for a schedule's finished soak. */
export async function nightOfSoak(
  soak: SoakRecord,
  { tickAtMs, cause }: Pick<Night, 'tickAtMs' | 'cause'>,
  runs: Pick<Runs, 'getAll' | 'result'>,
): Promise<Night> {
  const cells: NightCell[] = [];
  for await (const { cell, compared } of storedCells(soak, runs)) {
    // The baseline's cells are not part of the night.
    if (cell.side === undefined) cells.push(nightCell(cell, compared));
  }
  return { soakId: soak.soakId, tickAtMs, cause, measures: fingerprint(soak.spec), cells };
}
