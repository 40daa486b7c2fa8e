import type { CellDifference, MetricDifference, SoakDifference } from '@oversoak/contracts';
import { stringify } from 'csv-stringify/sync';

function row(of: SoakDifference, cell: CellDifference, metric: MetricDifference) {
  return {
    'left.selector': of.left.selector,
    'left.soakId': of.left.soakId,
    'left.cell': cell.left,
    'right.selector': of.right.selector,
    'right.soakId': of.right.soakId,
    'right.cell': cell.right,
    ...metric,
    platform: of.platform.join('; '),
  };
}

/** A header and one line per metric and pair of cells; null becomes an empty field. */
export function differenceCsv(difference: SoakDifference): string {
  const rows = difference.cells.flatMap((cell) =>
    cell.metrics.map((metric) => row(difference, cell, metric)),
  );
  // A spreadsheet must not interpret a text as a formula.
  return stringify(rows, { header: true, escape_formulas: true });
}
