import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

export interface PlainTable {
  head: readonly string[];
  /** Alignment per column; default: left. */
  align?: readonly ('left' | 'right')[];
  rows: readonly (readonly string[])[];
  /** Spaces between two columns. */
  gap: number;
  /** Horizontal rules: below each row (the default), below the head only, or none. */
  rules?: 'all' | 'head' | 'none';
}

const isRule = (line: string) => /^─+$/.test(line);

/** A table with horizontal rules only; `width` is that of the text without colour codes. */
export function plainTable({ head, align = [], rows, gap, rules = 'all' }: PlainTable): {
  text: string;
  width: number;
} {
  const table = new Table({
    head: [...head],
    colAligns: [...align],
    chars: {
      ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
      ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
      ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' },
      ...{ mid: '─', 'mid-mid': '─'.repeat(gap), middle: ' '.repeat(gap) },
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  // The library's `width` counts colour codes.
  const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  const underHead = lines.findIndex(isRule);
  const shown = lines.filter(
    (line, index) => rules === 'all' || !isRule(line) || (rules === 'head' && index === underHead),
  );
  return { text: shown.join('\n'), width };
}

/** Spaces between two columns: two if there is room, otherwise one. */
const GAPS = [2, 1];

/** The table in at most `columns` characters; undefined when it does not fit. */
export function tableWithin(columns: number, table: Omit<PlainTable, 'gap'>): string | undefined {
  return GAPS.map((gap) => plainTable({ ...table, gap })).find(({ width }) => width <= columns)
    ?.text;
}
