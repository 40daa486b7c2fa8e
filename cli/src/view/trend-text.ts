import { metricText, metricTitle, type Trend, type TrendSeries } from '@oversoak/contracts';
import type { Colors } from '../terminal.ts';
import { NONE } from './figures.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['metric', 'last', 'band', 'runs', 'last runs', ''];
const ALIGN = ['left', 'right', 'right', 'right', 'left', 'left'] as const;
/** Runs that are shown as marks. */
const MOST_MARKS = 20;

const MARKS = { low: '▼', high: '▲' };

/** A mark for each run: `·` within the band, `▲` above, `▼` below, a space where there is no value. */
function marks({ points }: TrendSeries): string {
  return points
    .slice(-MOST_MARKS)
    .map(({ value, out }) => (value === null ? ' ' : out === null ? '·' : MARKS[out]))
    .join('');
}

function word({ regression, improvement, band }: TrendSeries, colors: Colors): string {
  if (regression) return colors.red('REGRESSION');
  if (improvement) return colors.green('better');
  return band === null ? 'no band yet' : 'steady';
}

function row(series: TrendSeries, colors: Colors): string[] {
  const { metric, band, points } = series;
  const last = points.findLast(({ value }) => value !== null)?.value ?? null;
  const text = (value: number) => metricText(metric, value);
  return [
    metricTitle(metric),
    metricText(metric, last),
    band === null ? NONE : `${text(band.low)} – ${text(band.high)}`,
    band === null ? NONE : String(band.runs),
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

const LEGEND =
  'Band: where a good run lies, going by the last ten at most. ▲ ▼: above, below it as it was then.';

/** The trend of a schedule for people. */
export function trendText(trend: Trend, colors: Colors): string {
  const cells = Map.groupBy(trend.series, ({ cell }) => cell);
  const worse = trend.series.filter(({ regression }) => regression);
  const named = worse.map(({ cell, metric }) => `${metricTitle(metric)} of ${cell}`).join(', ');
  return [
    `Trend of ${colors.bold(trend.schedule)}`,
    '',
    ...[...cells].flatMap(([cell, series]) => [block(cell, series, colors), '']),
    LEGEND,
    ...trend.platform.map((label) => `Platform: ${label}`),
    ...trend.notes.map((note) => `Note: ${note}`),
    worse.length === 0 ? 'No regression.' : colors.red(`Regression: ${named}`),
  ].join('\n');
}
