import { stripVTControlCharacters } from 'node:util';
import { plainTable } from './plain-table.ts';

export interface FittedTable {
  /** One line each; the first column names its row. */
  head: readonly string[];
  /** By column; left where there is none. */
  align?: readonly ('left' | 'right')[];
  rows: readonly (readonly string[])[];
  /** Of the terminal. */
  columns: number;
}

/** Spaces between two columns: two where there is room, else one. */
const GAPS = [2, 1];

/** A table; where the terminal is too narrow for it, a few short lines for each row. */
export function fittedTable({ head, align, rows, columns }: FittedTable): string {
  for (const gap of GAPS) {
    const table = plainTable({ head, rows, gap, ...(align === undefined ? {} : { align }) });
    if (table.width <= columns) return table.text;
  }
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
