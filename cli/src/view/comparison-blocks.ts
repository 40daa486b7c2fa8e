import type { ComparedCell } from '@oversoak/contracts';
import { count } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { serverLines, verdictText } from './cell-text.ts';
import { COLUMNS, type ColumnName } from './comparison-columns.ts';

/** A cell as a few short lines, for a terminal that is too narrow for the table. */
export function comparisonBlock(
  cell: ComparedCell,
  names: readonly ColumnName[],
  colors: Colors,
): string {
  const title = [...serverLines(cell.cell), `${count(cell.cell.sessions)} sessions`].join(' · ');
  const figures = names.flatMap((name) => COLUMNS[name].figures(cell));
  const width = Math.max(...figures.map(({ label }) => label.length));
  const lines = figures.flatMap(({ label, text }) =>
    text.split('\n').map((line, index) => `  ${(index === 0 ? label : '').padEnd(width)} ${line}`),
  );
  return [`${colors.bold(title)}: ${verdictText(cell.verdict, colors)}`, ...lines].join('\n');
}
