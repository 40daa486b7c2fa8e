import type { ComparedCell, Comparison } from '@oversoak/contracts';
import type { Colors } from '../terminal.ts';
import { comparisonBlock } from './comparison-blocks.ts';
import { errorCount, LEGEND, verdictText } from './comparison-columns.ts';
import { comparisonTable } from './comparison-table.ts';
import { count } from './figures.ts';

/** A comparison for people: the cells, what they were measured on, what stands behind them. */
export function comparisonText(comparison: Comparison, columns: number, colors: Colors): string {
  const { cells } = comparison;
  const table =
    comparisonTable(cells, columns, colors) ??
    cells.map((cell) => comparisonBlock(cell, colors)).join('\n\n');
  return [
    `${colors.bold(comparison.name)} (${comparison.soakId})${comparison.complete ? '' : ', not complete yet'}`,
    '',
    table,
    '',
    LEGEND,
    ...comparison.platform.map((label) => `Platform: ${label}`),
    evidence(cells),
    `Verdict: ${verdictText(comparison.verdict, colors)}`,
    ...cells.flatMap(troubles),
  ].join('\n');
}

/** Both the errors and the echoes are of the whole runs, ramp-up and drain included. */
function evidence(cells: readonly ComparedCell[]): string {
  const errors = cells.reduce((sum, cell) => sum + errorCount(cell), 0);
  const echoes = cells.reduce((sum, cell) => sum + cell.ledger.echoed, 0);
  const unbalanced = cells.filter((cell) => !cell.ledger.balanced).map((cell) => cell.key);
  const ledger =
    unbalanced.length === 0
      ? 'every message accounted for'
      : `the ledger does not balance in ${unbalanced.join(', ')}`;
  const errorWord = errors === 1 ? 'error' : 'errors';
  return `Evidence: ${count(errors)} ${errorWord} in ${count(echoes)} echoes, ${ledger}`;
}

function troubles({ key, verdict, reasons }: ComparedCell): string[] {
  if (verdict === 'passed') return [];
  return [`  ${key}: ${verdict ?? 'not done'}`, ...reasons.map((reason) => `    - ${reason}`)];
}
