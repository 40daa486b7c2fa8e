// How often what oversoak says is true, on simulated series whose truth is known: kinds that the
// rules were not chosen on. Seeded, so that a run repeats.
import { simulateDrift } from './drift.ts';
import { isHeld, type TruthRow, truthTable } from './row.ts';
import { simulateWindows } from './windows.ts';

/** Each family simulates one rule. */
const FAMILIES: Record<string, { title: string; simulate: () => TruthRow[] }> = {
  drift: { title: 'Drift', simulate: simulateDrift },
  windows: { title: 'Windows', simulate: simulateWindows },
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
