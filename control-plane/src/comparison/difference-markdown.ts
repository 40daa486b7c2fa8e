import {
  cellsText,
  differenceText,
  INTERVAL_PERCENT,
  metricText,
  metricTitle,
  ratioText,
  type SoakDifference,
} from '@oversoak/contracts';

/** Escapes a text for Markdown, also inside a table. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replace(/\s+/g, ' ');
}

const line = (fields: readonly string[]) => `| ${fields.map(escaped).join(' | ')} |`;

const HEAD = ['cell', 'metric', 'left', 'right', `ratio (${INTERVAL_PERCENT} %)`, 'right is'];
const ALIGN = '| --- | --- | ---: | ---: | ---: | --- |';

/** A Markdown table with notes below it. */
export function differenceMarkdown(difference: SoakDifference): string {
  const { left, right, cells, unmatched, platform, notes } = difference;
  const side = ({ name, soakId }: typeof left) => `${escaped(name)} (${escaped(soakId)})`;
  const rows = cells.flatMap((cell) =>
    cell.metrics.map((metric) =>
      line([
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
    line(HEAD),
    ALIGN,
    ...rows,
    ...(items.length === 0 ? [] : ['', ...items.map((item) => `- ${escaped(item)}`)]),
    '',
  ].join('\n');
}
