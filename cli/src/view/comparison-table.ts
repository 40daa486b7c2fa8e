import type { ComparedCell } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { COLUMNS, type Column, type ColumnName } from './comparison-columns.ts';
import { tableWithin } from './plain-table.ts';

/** The cells as a table of at most `columns` characters; undefined when they do not fit. */
export function comparisonTable(
  cells: readonly ComparedCell[],
  names: readonly ColumnName[],
  columns: number,
  colors: Colors,
): string | undefined {
  const shown: Column[] = names.map((name) => COLUMNS[name]);
  const head = shown.map((column) => colors.bold(column.head));
  const align = shown.map((column) => column.align);
  const rows = cells.map((cell) => shown.map((column) => column.text(cell, colors)));
  return tableWithin(columns, { head, align, rows });
}
