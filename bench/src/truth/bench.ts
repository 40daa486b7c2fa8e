// How often what oversoak says is true, on simulated series whose truth is known: kinds that the
// rules were not chosen on. Seeded, so that a run repeats.
import { simulateDifferences } from './differences.ts';
import { simulateDrift } from './drift.ts';
import { simulateRankings } from './rankings.ts';
import { isHeld, type TruthRow, truthTable } from './row.ts';
import { simulateTrend } from './trend.ts';
import { simulateWindows } from './windows.ts';

/** Each family simulates one rule. */
const FAMILIES: Record<string, { title: string; simulate: () => TruthRow[] }> = {
  drift: { title: 'Drift: does it grow?', simulate: simulateDrift },
  windows: { title: 'Windows: is a percentile held in each?', simulate: simulateWindows },
  differences: { title: 'Differences: is it different?', simulate: simulateDifferences },
  rankings: { title: 'Rankings: which cell is best?', simulate: simulateRankings },
  trend: { title: 'Trend of a schedule, night by night', simulate: simulateTrend },
};

/** Prints every rate with its n; false when an aim is missed. */
export function benchTruth(): boolean {
  const missed: TruthRow[] = [];
  for (const { title, simulate } of Object.values(FAMILIES)) {
    const rows = simulate();
    console.log(title);
    console.log(truthTable(rows));
    missed.push(...rows.filter((row) => !isHeld(row)));
  }
  console.log(missed.length === 0 ? 'All aims are held.' : `${missed.length} aims are missed.`);
  return missed.length === 0;
}
