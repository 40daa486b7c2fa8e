import {
  cellsText,
  differenceText,
  INTERVAL_PERCENT,
  metricText,
  metricTitle,
  ratioText,
  type SoakDifference,
  VALUES_NOTE,
} from '@oversoak/contracts';
import { escaped, tableLine } from './markdown.ts';

const HEAD = ['cell', 'metric', 'left', 'right', `ratio (${INTERVAL_PERCENT} %)`, 'right is'];
const ALIGN = '| --- | --- | ---: | ---: | ---: | --- |';

/** A Markdown table with notes below it. */
export function differenceMarkdown(difference: SoakDifference): string {
  const { left, right, cells, unmatched, platform, notes } = difference;
  const side = ({ name, soakId }: typeof left) => `${escaped(name)} (${escaped(soakId)})`;
  const rows = cells.flatMap((cell) =>
    cell.metrics.map((metric) =>
      tableLine([
        cellsText(cell),
        metricTitle(metric.metric),
        metricText(metric.metric, metric.left),
        metricText(metric.metric, metric.right),
        ratioText(metric),
        differenceText(metric),
      ]),
    ),
  );
  const alone = unmatched.length === 0 ? [] : [`on one side only: ${unmatched.join(', ')}`];
  const items = [...platform.map((label) => `platform: ${label}`), ...alone, ...notes];
  return [
    `**Left:** ${side(left)} · **right:** ${side(right)}`,
    '',
    tableLine(HEAD),
    ALIGN,
    ...rows,
    '',
    VALUES_NOTE,
    ...(items.length === 0 ? [] : ['', ...items.map((item) => `- ${escaped(item)}`)]),
    '',
  ].join('\n');
}
