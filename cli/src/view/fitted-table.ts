import { stripVTControlCharacters } from 'node:util';
import { type PlainTable, tableWithin } from './plain-table.ts';

/** A head of one line each, whose first column names the row; `columns` are the terminal's. */
export type FittedTable = Omit<PlainTable, 'gap'> & { columns: number };

/** A table; where the terminal is too narrow for it, a few short lines for each row. */
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
