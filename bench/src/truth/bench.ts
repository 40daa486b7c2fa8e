// How often oversoak's claims are true, on simulated series with a known truth, of kinds other than
// those that the rules were tuned on. Seeded, so that a run is reproducible.
import { simulateDifferences } from './differences.ts';
import { simulateDrift } from './drift.ts';
import { simulateRankings } from './rankings.ts';
import { meetsAim, type TruthRow, truthTable } from './row.ts';
import { simulateTrend } from './trend.ts';
import { simulateWindows } from './windows.ts';

/** Each family simulates one rule. */
const FAMILIES: Record<string, { title: string; simulate: () => TruthRow[] }> = {
  drift: { title: 'Drift: does a figure grow?', simulate: simulateDrift },
  windows: { title: 'Windows: does a percentile hold in each?', simulate: simulateWindows },
  differences: { title: 'Differences: do two cells differ?', simulate: simulateDifferences },
  rankings: { title: 'Rankings: which cell is best?', simulate: simulateRankings },
  trend: { title: 'Trend of a schedule, night by night', simulate: simulateTrend },
};

/** Prints every rate with its n; returns false when an aim is missed. */
export function benchTruth(): boolean {
  const missed: TruthRow[] = [];
  for (const { title, simulate } of Object.values(FAMILIES)) {
    const rows = simulate();
    console.log(title);
    console.log(truthTable(rows));
    missed.push(...rows.filter((row) => !meetsAim(row)));
  }
  console.log(missed.length === 0 ? 'All aims are met.' : `${missed.length} aims are missed.`);
  return missed.length === 0;
}
