import type { ComparedCell } from '@oversoak/contracts';
import type { Colors } from '../terminal.ts';
import { COLUMNS } from './comparison-columns.ts';
import { plainTable } from './plain-table.ts';

/** Spaces between two columns: two where there is room, else one. */
const GAPS = [2, 1];

/** The cells as a table of at the most `columns` characters; undefined when they do not fit. */
export function comparisonTable(
  cells: readonly ComparedCell[],
  columns: number,
  colors: Colors,
): string | undefined {
  const head = COLUMNS.map((column) => colors.bold(column.head));
  const align = COLUMNS.map((column) => column.align);
  const rows = cells.map((cell) => COLUMNS.map(({ text }) => text(cell, colors)));
  const tables = GAPS.map((gap) => plainTable({ head, align, rows, gap }));
  return tables.find(({ width }) => width <= columns)?.text;
}
