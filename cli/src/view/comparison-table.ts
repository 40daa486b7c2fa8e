import { stripVTControlCharacters } from 'node:util';
import type { ComparedCell } from '@oversoak/contracts';
import Table from 'cli-table3';
import type { Colors } from '../terminal.ts';
import { COLUMNS } from './comparison-columns.ts';

/** Spaces between two columns: two where there is room, else one. */
const GAPS = [2, 1];

/** The cells as a table of at the most `columns` characters; undefined when they do not fit. */
export function comparisonTable(
  cells: readonly ComparedCell[],
  columns: number,
  colors: Colors,
): string | undefined {
  return GAPS.map((gap) => render(cells, gap, colors)).find((table) => table.width <= columns)
    ?.text;
}

function render(cells: readonly ComparedCell[], gap: number, colors: Colors) {
  const table = new Table({
    head: COLUMNS.map(({ head }) => colors.bold(head)),
    colAligns: COLUMNS.map(({ align }) => align),
    chars: {
      ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
      ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
      ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' },
      ...{ mid: '─', 'mid-mid': '─'.repeat(gap), middle: ' '.repeat(gap) },
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...cells.map((cell) => COLUMNS.map(({ text }) => text(cell, colors))));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  // The library's own `width` counts colour codes.
  const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  return { text: lines.join('\n'), width };
}
