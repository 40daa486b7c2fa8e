import Table from 'cli-table3';

/** How often a rule says something of simulated series whose truth is known. */
export interface TruthRow {
  /** What was simulated, for a person: "A/A, 3 repeats, 5 % scatter". */
  what: string;
  /** What the rule said of it: "told different". */
  said: string;
  /** How many were simulated. */
  n: number;
  /** Of them, so many had it said: 0 to n. */
  count: number;
  /** The bound that the rate is held to; null: printed for the reader alone. */
  aim: { operator: '<=' | '>='; percent: number } | null;
}

export const percentOf = ({ n, count }: TruthRow) => (100 * count) / n;

export function isHeld(row: TruthRow): boolean {
  if (row.aim === null) return true;
  const percent = percentOf(row);
  return row.aim.operator === '<=' ? percent <= row.aim.percent : percent >= row.aim.percent;
}

/** One line for each row, with its rate, its n and whether the aim is held. */
export function truthTable(rows: readonly TruthRow[]): string {
  const table = new Table({
    head: ['simulated', 'said', 'rate', 'n', 'aim', ''],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    const { what, said, n, aim } = row;
    const aimText = aim === null ? '' : `${aim.operator} ${aim.percent} %`;
    const word = aim === null ? '' : isHeld(row) ? 'held' : 'MISSED';
    table.push([what, said, `${percentOf(row).toFixed(1)} %`, n, aimText, word]);
  }
  return table.toString();
}
