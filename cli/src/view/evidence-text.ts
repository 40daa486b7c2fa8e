import {
  type Check,
  count,
  type Drift,
  decimal,
  type ErrorBound,
  type Evidence,
  mebibytes,
  milliseconds,
  NONE,
  type SoakSpec,
  thresholdText,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { fittedTable } from './fitted-table.ts';

/** Related lines, preceded by a blank line; an empty section is not shown. */
export type Section = readonly string[];

/** Text of a drift's unit. */
const DRIFT_UNITS: Record<Drift['unit'], { unit: string; text(value: number | null): string }> = {
  'bytes/h': { unit: 'MiB/h', text: mebibytes },
  'handles/h': { unit: 'handles/h', text: decimal },
  'threads/h': { unit: 'threads/h', text: decimal },
  'us/h': { unit: 'ms/h', text: milliseconds },
};

/** The evidence of a verdict: thresholds, the bound of the error rate, drifts. */
export function evidenceSections(
  { checks, errorBound, drift }: Evidence,
  spec: Pick<SoakSpec, 'thresholds'>,
  columns: number,
  colors: Colors,
): Section[] {
  return [
    checksSection(checks, new Set(spec.thresholds.map(thresholdText)), columns, colors),
    [errorBound === null ? 'Errors: no echo came back' : `Errors: ${boundText(errorBound)}`],
    driftSection(drift, columns, colors),
  ];
}

/** Implied thresholds (one per error class) that held are only counted. */
function checksSection(
  checks: readonly Check[],
  written: ReadonlySet<string>,
  columns: number,
  colors: Colors,
): Section {
  if (checks.length === 0) return [];
  const shown = checks.filter(
    ({ threshold, outcome }) => written.has(threshold) || outcome !== 'held',
  );
  const implied = checks.length - shown.length;
  const rest = implied === 0 ? [] : [`Also held: ${implied} implied by every soak`];
  if (shown.length === 0) return rest;
  const windowed = shown.some(({ windows }) => windows !== undefined);
  const head = ['threshold', 'outcome', 'actual', ...(windowed ? ['windows missed'] : [])];
  const rows = shown.map(({ threshold, outcome, actual, windows }) => [
    threshold,
    outcomeText(outcome, colors),
    actual,
    ...(windowed ? [windows === undefined ? NONE : windowsText(windows)] : []),
  ]);
  const bold = head.map((title) => colors.bold(title));
  const align = ['left', 'left', 'right', 'right'] as const;
  return [fittedTable({ head: bold, align: align.slice(0, head.length), rows, columns }), ...rest];
}

/** `2 of 8`, `0 of 8, 3 undecided`. */
function windowsText({ judged, missed, undecided }: NonNullable<Check['windows']>): string {
  const open = undecided === 0 ? '' : `, ${count(undecided)} undecided`;
  return `${count(missed)} of ${count(judged)}${open}`;
}

function outcomeText(outcome: Check['outcome'], colors: Colors): string {
  if (outcome === 'held') return colors.green(outcome);
  return outcome === 'missed' ? colors.red(outcome) : colors.yellow(outcome);
}

/** `0 errors in 63,555 echoes: fewer than 1 in 21,215 at 95 %`. */
export function boundText({ errors, echoes, upperRate }: ErrorBound): string {
  const counted = `${count(errors)} ${errors === 1 ? 'error' : 'errors'} in ${count(echoes)} echoes`;
  return `${counted}: fewer than 1 in ${count(Math.floor(1 / upperRate))} at 95 %`;
}

function driftSection(drift: readonly Drift[], columns: number, colors: Colors): Section {
  if (drift.length === 0) return [];
  const head = ['drift', 'slope', '95 % interval', 'unit', 'windows', 'cycles', 'rise'];
  return [
    fittedTable({
      head: head.map((title) => colors.bold(title)),
      align: ['left', 'right', 'right', 'left', 'right', 'right', 'left'],
      rows: drift.map(driftRow),
      columns,
    }),
  ];
}

function driftRow({ metric, unit, slope, low, high, windows, cycles, rise }: Drift): string[] {
  const written = DRIFT_UNITS[unit];
  const interval =
    low === null || high === null ? NONE : `${written.text(low)} to ${written.text(high)}`;
  const figures = [written.text(slope), interval, written.unit, count(windows)];
  return [metric, ...figures, slope === null ? NONE : count(cycles), rise ?? NONE];
}
