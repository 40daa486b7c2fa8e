import {
  type CellDifference,
  cellsText,
  differenceText,
  type MetricDifference,
  metricText,
  metricTitle,
  noiseFloorText,
  ratioText,
  type SoakDifference,
} from '@oversoak/contracts';
import type { Colors } from '../terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['metric', 'left', 'right', 'ratio (95 %)', 'noise', 'right is'];
const ALIGN = ['left', 'right', 'right', 'right', 'right', 'left'] as const;

/** No colour for better or worse: which one a change is depends on what was changed. */
function word(metric: MetricDifference, colors: Colors): string {
  const text = differenceText(metric);
  if (metric.difference === 'none') return text;
  return metric.difference === 'unknown' ? colors.dim(text) : colors.yellow(text);
}

function row(metric: MetricDifference, colors: Colors): string[] {
  return [
    metricTitle(metric.metric),
    metricText(metric.metric, metric.left),
    metricText(metric.metric, metric.right),
    ratioText(metric),
    noiseFloorText(metric.noiseFloor),
    word(metric, colors),
  ];
}

/** The cells one under the other: their names are too long for a column in a narrow terminal. */
function block(cell: CellDifference, colors: Colors): string {
  const head = HEAD.map((title) => colors.bold(title));
  const rows = cell.metrics.map((metric) => row(metric, colors));
  const table = plainTable({ head, align: ALIGN, rows, gap: 2 }).text;
  // The lines between a cell's rows would be more than the rows.
  const lines = table.split('\n').filter((line) => !/^─+$/.test(line));
  return [colors.bold(cellsText(cell)), ...lines.map((line) => `  ${line}`)].join('\n');
}

const LEGEND =
  'Ratio: right to left, with its 95 % interval. Noise: what equal cells differ by on this gang.';

/** Two soaks, or cells of them, for people. */
export function differenceTextOf(
  { left, right, cells, unmatched, platform, notes }: SoakDifference,
  colors: Colors,
): string {
  const side = ({ name, soakId, selector }: typeof left) =>
    `${colors.bold(name)} (${selector === soakId ? soakId : `${selector}, ${soakId}`})`;
  return [
    `left:  ${side(left)}`,
    `right: ${side(right)}`,
    '',
    ...cells.flatMap((cell) => [block(cell, colors), '']),
    ...(cells.length === 0 ? ['No cell of one side has one to be compared with.', ''] : [LEGEND]),
    ...platform.map((label) => `Platform: ${label}`),
    ...(unmatched.length === 0 ? [] : [`Only one side has: ${unmatched.join(', ')}`]),
    ...notes.map((note) => `Note: ${note}`),
  ].join('\n');
}

function twinLine(metric: MetricDifference): string {
  const { difference } = metric;
  const apart = difference === 'lower' || difference === 'higher';
  const seen = `${ratioText(metric)}${apart ? `: ${differenceText(metric)}` : ''}`;
  return `${metricTitle(metric.metric)} ${noiseFloorText(metric.noiseFloor)}, seen ${seen}`;
}

const TWINS =
  'Noise floor: what noise alone may do on this gang, and what each cell and its twin did';

/** The cells of an A/A soak, each with what it says of the gang's noise; none of another soak. */
export function twinLines(twins: readonly CellDifference[], colors: Colors): string[] {
  if (twins.length === 0) return [];
  const shown = twins.flatMap((cell) => [
    `  ${cellsText(cell)}`,
    ...cell.metrics.map((metric) => `    ${twinLine(metric)}`),
  ]);
  return [colors.bold(TWINS), ...shown];
}
