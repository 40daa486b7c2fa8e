import {
  metricText,
  metricTitle,
  NONE,
  type Trend,
  type TrendSeries,
  type TrendState,
  utcTime,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['metric', 'last', 'base', 'nights', 'sees', 'last nights', ''];
const ALIGN = ['left', 'right', 'right', 'right', 'right', 'left', 'left'] as const;
/** Number of nights that are shown as marks. */
const MAX_MARKS = 20;

const MARKS: Record<TrendState, string> = {
  none: '·',
  suspect: '?',
  regression: '▼',
  improvement: '▲',
};

/** One mark per night with the assessment of that night; a space where it has no value. */
function marks({ points }: TrendSeries): string {
  return points
    .slice(-MAX_MARKS)
    .map(({ value, state }) => (value === null ? ' ' : MARKS[state]))
    .join('');
}

/** `+21 %`. */
function changeText(ratio: number): string {
  const percent = Math.round(100 * (ratio - 1));
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`;
}

/** `REGRESSION +21 %`. */
function word({ state, change, base }: TrendSeries, colors: Colors): string {
  const by = change === null ? '' : ` ${changeText(change.ratio)}`;
  switch (state) {
    case 'regression':
      return colors.red(`REGRESSION${by}`);
    case 'suspect':
      return colors.yellow(`suspect${by}`);
    case 'improvement':
      return colors.green(`better${by}`);
    case 'none':
      return base === null ? 'no base yet' : 'steady';
  }
}

function row(series: TrendSeries, colors: Colors): string[] {
  const { metric, base, points } = series;
  const last = points.findLast(({ value }) => value !== null)?.value ?? null;
  const text = (value: number) => metricText(metric, value);
  return [
    metricTitle(metric),
    metricText(metric, last),
    base === null ? NONE : `${text(base.low)} – ${text(base.high)}`,
    base === null ? NONE : String(base.nights),
    base === null ? NONE : `±${Math.ceil(100 * (base.smallest - 1))} %`,
    marks(series),
    word(series, colors),
  ];
}

function block(cell: string, series: readonly TrendSeries[], colors: Colors): string {
  const head = HEAD.map((title) => colors.bold(title));
  const rows = series.map((each) => row(each, colors));
  const table = plainTable({ head, align: ALIGN, rows, gap: 2 }).text;
  const lines = table.split('\n').filter((line) => !/^─+$/.test(line));
  return [colors.bold(cell), ...lines.map((line) => `  ${line}`)].join('\n');
}

function baseText({ base }: Trend): string {
  const { sinceSoakId, sinceTickAtMs, pinned } = base;
  const why = pinned === null ? 'the first of this spec' : `pinned as ${pinned}`;
  return `Base: the first nights since ${sinceSoakId} (${utcTime(sinceTickAtMs)} UTC, ${why}).`;
}

const LEGEND = [
  'base: range of 95 % of its nights. sees: smallest lasting change detectable in ten nights.',
  '· as the base, ? suspect, ▼ worse, ▲ better, as assessed after that night.',
];

/** `p99 of iocp.homo.100, +21 % since soak-3 (2027-01-04 02:00:00 UTC)`. */
function changeLine({ cell, metric, change }: TrendSeries): string {
  const of = `${metricTitle(metric)} of ${cell}`;
  if (change === null) return of;
  const since = `${change.sinceSoakId} (${utcTime(change.sinceTickAtMs)} UTC)`;
  return `${of}, ${changeText(change.ratio)} since ${since}`;
}

/** What requires action. */
function conclusion({ series }: Trend, colors: Colors): string[] {
  const of = (wanted: TrendState) => series.filter(({ state }) => state === wanted).map(changeLine);
  const worse = of('regression').map((line) => colors.red(`Regression: ${line}`));
  const suspects = of('suspect').map((line) =>
    colors.yellow(`Suspect, to be confirmed by the next soaks: ${line}`),
  );
  return [...suspects, ...(worse.length === 0 ? ['No regression.'] : worse)];
}

/** The trend of a schedule as text. */
export function trendText(trend: Trend, colors: Colors): string {
  const cells = Map.groupBy(trend.series, ({ cell }) => cell);
  return [
    `Trend of ${colors.bold(trend.schedule)}`,
    baseText(trend),
    '',
    ...[...cells].flatMap(([cell, series]) => [block(cell, series, colors), '']),
    ...LEGEND,
    ...trend.platform.map((label) => `Platform: ${label}`),
    ...trend.notes.map((note) => `Note: ${note}`),
    ...conclusion(trend, colors),
  ].join('\n');
}
