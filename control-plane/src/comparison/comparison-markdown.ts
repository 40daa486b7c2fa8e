import {
  type ComparedCell,
  type ComparedZones,
  type Comparison,
  cellsText,
  differenceText,
  ERROR_CLASSES,
  hasTicks,
  INTERVAL_PERCENT,
  MIB,
  metricTitle,
  ratioText,
} from '@oversoak/contracts';
import { escaped, tableLine } from './markdown.ts';

const HEAD = [
  ...['cell', 'verdict', 'due/s', 'achieved/s', 'p50 ms', 'p99 ms', 'max ms', 'errors'],
  ...['CPU µs per echo', 'memory MiB'],
];
const ALIGN = `| --- | --- |${' ---: |'.repeat(HEAD.length - 2)}`;
const NONE = '–';

const AGAINST_HEAD = ['cell', 'metric', `ratio (${INTERVAL_PERCENT} %)`, 'it is'];

function figure(value: number | null, scale: number): string {
  if (value === null) return NONE;
  const scaled = value * scale;
  const digits = scaled < 10 ? 2 : 1;
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return scaled.toLocaleString('en-US', places);
}

function errorCount({ errors }: ComparedCell): number {
  const counters: Record<string, number> = errors;
  return Object.keys(ERROR_CLASSES).reduce((sum, name) => sum + (counters[name] ?? 0), 0);
}

function row(cell: ComparedCell): string {
  const { latencyIntended: latency } = cell;
  return tableLine([
    cell.key,
    cell.verdict ?? 'not done',
    figure(cell.offeredRate, 1),
    figure(cell.achievedRate, 1),
    figure(latency.p50Us, 1e-3),
    figure(latency.p99Us, 1e-3),
    figure(latency.maxUs, 1e-3),
    errorCount(cell).toLocaleString('en-US'),
    figure(cell.serverCpuPerEchoUs, 1),
    figure(cell.serverWorkingSetBytes, 1 / MIB),
  ]);
}

const ZONES_HEAD = [
  ...['cell', 'deliveries/s', 'p50 ms', 'p99 ms', 'max ms', 'last member p99 ms'],
  ...['CPU µs per delivery', 'of IO threads', 'of content threads', 'sends per receive'],
  ...['left out', 'closed'],
];

const TICKS_HEAD = ['ticks', 'skipped', 'tick p99 ms', 'tick late p99 ms'];

/** Who pays for the fan-out; empty without zones. */
function zones({ cells }: Comparison): string[] {
  const ticks = cells.some(({ zones: of }) => of !== null && hasTicks(of));
  const head = ticks ? [...ZONES_HEAD, ...TICKS_HEAD] : ZONES_HEAD;
  const rows = cells.flatMap(({ key, zones: of }) =>
    of === null
      ? []
      : [
          tableLine([
            key,
            figure(of.deliveryRate, 1),
            figure(of.latency.p50Us, 1e-3),
            figure(of.latency.p99Us, 1e-3),
            figure(of.latency.maxUs, 1e-3),
            figure(of.lastMember.p99Us, 1e-3),
            figure(of.cpuPerDeliveryUs, 1),
            figure(of.ioCpuPerDeliveryUs, 1),
            figure(of.contentCpuPerDeliveryUs, 1),
            figure(of.sendsPerReceive, 1),
            (of.dropped + of.replaced).toLocaleString('en-US'),
            of.closed.toLocaleString('en-US'),
            ...(ticks ? tickFigures(of) : []),
          ]),
        ],
  );
  if (rows.length === 0) return [];
  return ['', tableLine(head), `| --- |${' ---: |'.repeat(head.length - 1)}`, ...rows];
}

function tickFigures(of: ComparedZones): string[] {
  return [
    of.ticks.toLocaleString('en-US'),
    of.ticksSkipped.toLocaleString('en-US'),
    figure(of.tickLatency.p99Us, 1e-3),
    figure(of.tickLateness.p99Us, 1e-3),
  ];
}

function reasons({ key, verdict, reasons: all }: ComparedCell): string[] {
  return verdict === 'passed' ? [] : all.map((reason) => `- ${escaped(`${key}: ${reason}`)}`);
}

function against({ against: held, notes }: Comparison): string[] {
  if (held === null) return [];
  const rows = held.cells.flatMap((cell) =>
    cell.metrics.map((metric) =>
      tableLine([
        cellsText(cell),
        metricTitle(metric.metric),
        ratioText(metric),
        differenceText(metric),
      ]),
    ),
  );
  return [
    '',
    `**Against the baseline ${escaped(held.baseline)}** (${escaped(held.soakId)})`,
    '',
    tableLine(AGAINST_HEAD),
    `|${' --- |'.repeat(AGAINST_HEAD.length)}`,
    ...rows,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${escaped(note)}`)]),
  ];
}

/** A soak for a pull request or the summary of a job: its verdict, a table of its cells, reasons. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { name, soakId, verdict, complete, cells, platform } = comparison;
  const found = cells.flatMap(reasons);
  const notes = [
    'Latency from the intended send time.',
    ...platform.map((label) => `Platform: ${escaped(label)}.`),
  ];
  return [
    `**${escaped(name)}** (${escaped(soakId)}): **${verdict ?? 'not done'}**${complete ? '' : ', not complete yet'}`,
    '',
    tableLine(HEAD),
    ALIGN,
    ...cells.map(row),
    ...zones(comparison),
    ...(found.length === 0 ? [] : ['', ...found]),
    ...against(comparison),
    '',
    notes.join(' '),
    '',
  ].join('\n');
}
