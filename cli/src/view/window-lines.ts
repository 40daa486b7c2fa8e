import { count, milliseconds, NONE, rate, seconds } from '@oversoak/contracts';
import sparkly from 'sparkly';
import type { RunWindow, RunWindows } from './run-windows.ts';

/** Width of the label beside the curve: name and range. */
const LABEL_COLUMNS = 42;
const CURVE_COLUMNS = { least: 10, most: 60 };

/** p99 and rate over the measurement: one line per curve, with range and unit. */
export function windowLines({ windows, leftOut }: RunWindows, columns: number): string[] {
  const [first] = windows;
  const last = windows.at(-1);
  if (first === undefined || last === undefined) return [];
  const room = Math.min(Math.max(columns - LABEL_COLUMNS, CURVE_COLUMNS.least), CURVE_COLUMNS.most);
  const perColumn = Math.ceil(windows.length / room);
  const p99 = windows.map(({ p99Us }) => p99Us);
  const rates = windows.map(({ echoesPerSecond }) => echoesPerSecond);
  const start = seconds(first.startSeconds);
  const end = seconds(last.endSeconds);
  const worst = perColumn === 1 ? '' : `; a column is the worst of ${perColumn}`;
  const gaps = leftOut === 0 ? '' : `; ${leftOut} omitted that some fleet lacks`;
  const width = Math.ceil(windows.length / perColumn);
  return [
    `Measurement in ${count(windows.length)} windows of ${lengthText(windows)}${worst}${gaps}`,
    `  p99   ${curve(p99, perColumn, Math.max)}  ${range(p99, milliseconds)} ms`,
    `  rate  ${curve(rates, perColumn, Math.min)}  ${range(rates, rate)} echoes/s`,
    `        ${start.padEnd(width - end.length)} ${end}`,
  ];
}

/** Block characters of eight heights, the lowest of which is 0; a space for a missing figure. */
function curve(
  values: readonly (number | null)[],
  perColumn: number,
  worst: (...values: number[]) => number,
): string {
  const heights: number[] = [];
  for (let from = 0; from < values.length; from += perColumn) {
    const known = values.slice(from, from + perColumn).filter((value) => value !== null);
    heights.push(known.length === 0 ? Number.NaN : worst(...known));
  }
  return sparkly(heights, { minimum: 0 });
}

function range(values: readonly (number | null)[], text: (value: number | null) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return NONE;
  return `${text(Math.min(...known))} to ${text(Math.max(...known))}`;
}

/** Windows that a process slept through are part of a longer one. */
function lengthText(windows: readonly RunWindow[]): string {
  const lengths = windows.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds);
  const least = seconds(Math.min(...lengths));
  const most = seconds(Math.max(...lengths));
  return least === most ? least : `${least} to ${most}`;
}
