import Table from 'cli-table3';

/** How often a rule makes a claim about simulated series with a known truth. */
export interface TruthRow {
  /** What was simulated: "A/A, 3 repeats, 5 % scatter". */
  what: string;
  /** The claim that is counted: "reported different". */
  said: string;
  /** Number of simulated cases. */
  n: number;
  /** Number of cases in which the rule made the claim: 0 to n. */
  count: number;
  /** The bound for the rate; null: printed for information only. */
  aim: { operator: '<=' | '>='; percent: number } | null;
}

export const percentOf = ({ n, count }: TruthRow) => (100 * count) / n;

export function meetsAim(row: TruthRow): boolean {
  if (row.aim === null) return true;
  const percent = percentOf(row);
  return row.aim.operator === '<=' ? percent <= row.aim.percent : percent >= row.aim.percent;
}

/** One line per row, with its rate, its n and whether the aim is met. */
export function truthTable(rows: readonly TruthRow[]): string {
  const table = new Table({
    head: ['simulated', 'claim', 'rate', 'n', 'aim', ''],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    const { what, said, n, aim } = row;
    const aimText = aim === null ? '' : `${aim.operator} ${aim.percent} %`;
    const word = aim === null ? '' : meetsAim(row) ? 'met' : 'MISSED';
    table.push([what, said, `${percentOf(row).toFixed(1)} %`, n, aimText, word]);
  }
  return table.toString();
}
