import { setImmediate as otherWork } from 'node:timers/promises';
import type { ReportedCell, ReportedRun, SoakReport } from '@oversoak/contracts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord } from '../store/soaks.ts';
import { compareStored } from './compare-stored.ts';
import { reportedCell, reportedRun } from './report-plots.ts';

/** Points of all timelines together, so that a report of many runs is as small as that of a night. */
const MAX_POINTS = 8000;
/** A night of one run has at most as many points as a screen shows. */
const MAX_POINTS_OF_RUN = 240;
const MIN_POINTS_OF_RUN = 20;

/** Pure: the number of points of each timeline of a soak with this number of runs. */
export function pointsOfRun(runs: number): number {
  const share = Math.floor(MAX_POINTS / runs);
  return Math.max(MIN_POINTS_OF_RUN, Math.min(MAX_POINTS_OF_RUN, share));
}

/** The comparison of a soak, and what plots need beside it, in one pass over its results. */
export async function soakReport(
  soak: SoakRecord,
  runs: Pick<Runs, 'getAll' | 'result'>,
): Promise<Pick<SoakReport, 'comparison' | 'cells' | 'runs'>> {
  const points = pointsOfRun(soak.runIds.length);
  const cells: ReportedCell[] = [];
  const reported: ReportedRun[] = [];
  const comparison = await compareStored(soak, runs, async (cell, compared) => {
    cells.push(reportedCell(cell, compared));
    for (const run of compared) {
      reported.push(reportedRun(run, points));
      await otherWork();
    }
  });
  return { comparison, cells, runs: reported };
}
