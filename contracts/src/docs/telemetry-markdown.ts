import { ATTRIBUTES, type Attribute, RUN_ATTRIBUTES } from '../telemetry/attributes.ts';
import { METRICS, type Metric, metricAttributes } from '../telemetry/metrics.ts';
import { prometheusName } from '../telemetry/prometheus.ts';
import {
  MESSAGE_ATTRIBUTES,
  PART_SPAN_ATTRIBUTES,
  RUN_SPAN_ATTRIBUTES,
  SPANS,
} from '../telemetry/spans.ts';
import { markdownTable } from '../values/markdown-table.ts';
import { docsFile } from './page.ts';

export const TELEMETRY_PAGE = docsFile('telemetry.md');

/**
 * Named groups of attributes, largest first, so that a set is described by the largest group in it.
 */
const METRIC_GROUPS = { 'of a run': RUN_ATTRIBUTES };
const SPAN_GROUPS = {
  'of a part': PART_SPAN_ATTRIBUTES,
  'of a run': RUN_SPAN_ATTRIBUTES,
  'of a message': MESSAGE_ATTRIBUTES,
};
type Groups = Readonly<Record<string, readonly Attribute[]>>;

const INTRODUCTION = [
  '# Telemetry',
  'What control plane and agents send over OTLP/HTTP. `npm run docs` generates this page from `contracts/src/telemetry/`; tests compare this page, and what a real soak sends, with those declarations.',
];

const code = (text: string) => `\`${text}\``;

/** The names of complete groups, followed by the remaining attributes. */
function attributesText(attributes: readonly Attribute[], groups: Groups): string {
  let rest = attributes;
  const texts: string[] = [];
  for (const [name, group] of Object.entries(groups)) {
    if (!group.every((attribute) => rest.includes(attribute))) continue;
    texts.push(`*${name}*`);
    rest = rest.filter((attribute) => !group.includes(attribute));
  }
  return [...texts, ...rest.map(code)].join(', ');
}

function groupLines(groups: Groups): string {
  return Object.entries(groups)
    .map(([name, attributes]) => `- *${name}*: ${attributes.map(code).join(', ')}`)
    .join('\n');
}

function metricsTable(): string {
  const rows = Object.keys(METRICS).map((name) => {
    const metric = name as Metric;
    const { kind, unit, by, description } = METRICS[metric];
    return [
      code(metric),
      code(prometheusName(metric)),
      kind,
      code(unit),
      by,
      attributesText(metricAttributes(metric), METRIC_GROUPS),
      description,
    ];
  });
  return markdownTable(
    ['metric', 'in Prometheus', 'kind', 'unit', 'from', 'attributes', 'what it is'],
    rows,
  );
}

function spansTable(): string {
  const rows = Object.entries(SPANS).map(([name, { kind, by, attributes, description }]) => [
    code(name),
    kind,
    by,
    attributesText(attributes, SPAN_GROUPS),
    description,
  ]);
  return markdownTable(['span', 'kind', 'from', 'attributes', 'what it is'], rows);
}

function attributesTable(): string {
  const rows = Object.entries(ATTRIBUTES).map(([name, attribute]) => {
    const values = 'values' in attribute ? attribute.values.map(code).join(', ') : '';
    return [code(name), attribute.type, attribute.description, values];
  });
  return markdownTable(['attribute', 'type', 'what it is', 'values'], rows);
}

/** The content of docs/telemetry.md. */
export function telemetryMarkdown(): string {
  return [
    ...INTRODUCTION,
    '## Metrics',
    'Sums and histograms are cumulative. Those of an agent start at zero with a part of a run and end with it. Histograms are exponential (native histograms in Prometheus), and durations are in seconds. Metrics carry `oversoak.run.id` only with `OVERSOAK_METRICS_RUN_ID=1`.',
    groupLines(METRIC_GROUPS),
    metricsTable(),
    '## Spans',
    'A span is sent when it ends, so a run of hours is reported as short traces that are linked to one another. All spans of a run carry `oversoak.run.id`.',
    groupLines(SPAN_GROUPS),
    spansTable(),
    '## Attributes',
    attributesTable(),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
