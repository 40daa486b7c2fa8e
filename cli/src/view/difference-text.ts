import {
  type AgainstBaseline,
  type CellDifference,
  cellsText,
  differenceText,
  INTERVAL_PERCENT,
  type MetricDifference,
  metricText,
  metricTitle,
  POWER_PERCENT,
  ratioText,
  type SoakDifference,
  VALUES_NOTE,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['metric', 'left', 'right', `ratio (${INTERVAL_PERCENT} %)`, 'right is'];
const ALIGN = ['left', 'right', 'right', 'right', 'left'] as const;

/** No colour for better or worse: whether a change is good depends on what was changed. */
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
    word(metric, colors),
  ];
}

/** One block per cell, because cell names are too long for a column in a narrow terminal. */
function block(cell: CellDifference, colors: Colors): string {
  const head = HEAD.map((title) => colors.bold(title));
  const rows = cell.metrics.map((metric) => row(metric, colors));
  const table = plainTable({ head, align: ALIGN, rows, gap: 2 }).text;
  // Rules between a cell's rows would outnumber the rows.
  const lines = table.split('\n').filter((line) => !/^─+$/.test(line));
  return [colors.bold(cellsText(cell)), ...lines.map((line) => `  ${line}`)].join('\n');
}

const LEGEND = [
  VALUES_NOTE,
  `Ratio: right to left, with its ${INTERVAL_PERCENT} % interval, by how far the repeats lie apart.`,
  `Seen: ${POWER_PERCENT} times in a hundred, by as many repeats that scatter as much.`,
];

/** The differences between two soaks, or between cells of them, as text. */
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
    ...(cells.length === 0 ? ['No cell of one side has one to be compared with.', ''] : LEGEND),
    ...platform.map((label) => `Platform: ${label}`),
    ...(unmatched.length === 0 ? [] : [`Only one side has: ${unmatched.join(', ')}`]),
    ...notes.map((note) => `Note: ${note}`),
  ].join('\n');
}

/**
 * The cells of a soak compared with those of the baseline that ran interleaved with it; empty
 * without one.
 */
export function againstLines(against: AgainstBaseline | null, colors: Colors): string[] {
  if (against === null) return [];
  const { baseline, soakId, differs, cells } = against;
  return [
    colors.bold(`Against the baseline ${baseline} (${soakId})`),
    differs.length === 0
      ? '  Both specs measure the same, so that equal cells are compared.'
      : `  The specs differ in ${differs.join(', ')}`,
    ...cells.flatMap((cell) => block(cell, colors).split('\n')).map((line) => `  ${line}`),
    ...LEGEND.map((line) => `  ${line}`),
  ];
}
