import { stripVTControlCharacters } from 'node:util';
import { type PlainTable, tableWithin } from './plain-table.ts';

/**
 * A table with one-line heads whose first column names the row; `columns` is the terminal's width.
 */
export type FittedTable = Omit<PlainTable, 'gap'> & { columns: number };

/** A table, or a few short lines per row if the terminal is too narrow. */
export function fittedTable({ columns, ...table }: FittedTable): string {
  return tableWithin(columns, table) ?? blocks(table);
}

function blocks({ head, rows }: Omit<PlainTable, 'gap'>): string {
  const labels = head.slice(1);
  const width = Math.max(...labels.map((label) => stripVTControlCharacters(label).length));
  const padded = (label: string) =>
    label + ' '.repeat(width - stripVTControlCharacters(label).length);
  return rows
    .map(([name = '', ...cells]) =>
      [name, ...cells.map((cell, index) => `  ${padded(labels[index] ?? '')} ${cell}`)].join('\n'),
    )
    .join('\n');
}
