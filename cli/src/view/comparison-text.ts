import {
  type ComparedCell,
  type Comparison,
  count,
  INTERVAL_PERCENT,
  type Ranking,
  WHOLE_RUNS,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { errorCount, hasResult, serverLines, verdictText } from './cell-text.ts';
import {
  COLUMNS,
  type Column,
  type ColumnName,
  defaultColumns,
  legend,
} from './comparison-columns.ts';
import { againstLines } from './difference-text.ts';
import { tableWithin } from './plain-table.ts';
import { predictionLines } from './prediction-lines.ts';
import { slowestLines } from './slowest-lines.ts';
import { zoneLines } from './zone-lines.ts';

/**
 * A comparison as text: the cells, their zones, the ranking, where the slowest echoes spent their time,
 * predictions, platforms and evidence. `chosen`: the requested columns, if any.
 */
export function comparisonText(
  comparison: Comparison,
  columns: number,
  colors: Colors,
  chosen?: readonly ColumnName[],
): string {
  const { cells, notes } = comparison;
  const zones = zoneLines(comparison, columns, colors);
  const slowest = slowestLines(cells, colors);
  const predictions = predictionLines(comparison.predictions, columns, colors);
  const rankings = rankingLines(comparison.rankings, colors);
  const against = againstLines(comparison.against, colors);
  return [
    `${colors.bold(comparison.name)} (${comparison.soakId})${comparison.complete ? '' : ', not complete yet'}`,
    '',
    figures(cells, chosen === undefined ? defaultColumns(cells) : [chosen], columns, colors),
    ...(zones.length === 0 ? [] : ['', ...zones]),
    ...(rankings.length === 0 ? [] : ['', ...rankings]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `Note: ${note}`)]),
    ...(slowest.length === 0 ? [] : ['', ...slowest]),
    ...(predictions.length === 0 ? [] : ['', ...predictions]),
    ...(against.length === 0 ? [] : ['', ...against]),
    '',
    legend(cells),
    ...comparison.platform.map((label) => `Platform: ${label}`),
    evidence(cells),
    `Verdict: ${verdictText(comparison.verdict, colors)}`,
    ...cells.flatMap(troubles),
  ].join('\n');
}

/** The first set that fits as a table; otherwise the whole first set, as one block per cell. */
function figures(
  cells: readonly ComparedCell[],
  sets: (readonly ColumnName[])[],
  columns: number,
  colors: Colors,
): string {
  for (const names of sets) {
    const table = comparisonTable(cells, names, columns, colors);
    if (table !== undefined) return table;
  }
  const [names = []] = sets;
  return cells.map((cell) => comparisonBlock(cell, names, colors)).join('\n\n');
}

/** The cells as a table of at most `columns` characters; undefined when they do not fit. */
function comparisonTable(
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

/** A cell as a few short lines, for a terminal that is too narrow for the table. */
function comparisonBlock(cell: ComparedCell, names: readonly ColumnName[], colors: Colors): string {
  const title = [...serverLines(cell.cell), `${count(cell.cell.sessions)} sessions`].join(' · ');
  const figures = names.flatMap((name) => COLUMNS[name].figures(cell));
  const width = Math.max(...figures.map(({ label }) => label.length));
  const lines = figures.flatMap(({ label, text }) =>
    text.split('\n').map((line, index) => `  ${(index === 0 ? label : '').padEnd(width)} ${line}`),
  );
  return [`${colors.bold(title)}: ${verdictText(cell.verdict, colors)}`, ...lines].join('\n');
}

/** The best cells by each metric, one clause per line; empty for a single cell. */
function rankingLines(rankings: readonly Ranking[], colors: Colors): string[] {
  if (rankings.length === 0) return [];
  const several = new Set(rankings.map(({ sessions }) => sessions)).size > 1;
  const lines = rankings.flatMap(({ sessions, words }) => {
    const [first = '', ...others] = words.split('; ');
    const of = several ? `${count(sessions)} sessions: ` : '';
    return [`  ${of}${first}`, ...others.map((clause) => `    ${clause}`)];
  });
  const means = `geometric means over the repeats, which the table pools`;
  return [`${colors.bold('Ranking')} (${means}; ${INTERVAL_PERCENT} % intervals)`, ...lines];
}

function evidence(cells: readonly ComparedCell[]): string {
  const complete = cells.filter(hasResult);
  if (complete.length === 0) return 'Evidence: none, no run has a complete result';
  const errors = complete.reduce((sum, cell) => sum + errorCount(cell), 0);
  const echoes = complete.reduce((sum, cell) => sum + cell.ledger.echoed, 0);
  const unbalanced = complete.filter((cell) => !cell.ledger.balanced).map((cell) => cell.key);
  const ledger =
    unbalanced.length === 0
      ? 'every message accounted for'
      : `the ledger does not balance in ${unbalanced.join(', ')}`;
  const errorWord = errors === 1 ? 'error' : 'errors';
  const without = cells.filter((cell) => !hasResult(cell)).map((cell) => cell.key);
  const missing = without.length === 0 ? '' : `; no complete result of ${without.join(', ')}`;
  return `Evidence: ${count(errors)} ${errorWord} in ${count(echoes)} echoes (${WHOLE_RUNS}), ${ledger}${missing}`;
}

function troubles({ key, verdict, reasons }: ComparedCell): string[] {
  if (verdict === 'passed') return [];
  return [`  ${key}: ${verdict ?? 'not done'}`, ...reasons.map((reason) => `    - ${reason}`)];
}
