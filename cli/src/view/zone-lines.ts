import {
  type ComparedCell,
  type ComparedZones,
  type Comparison,
  count,
  decimal,
  hasTicks,
  INTERVAL_PERCENT,
  kibibytes,
  metricRangeText,
  milliseconds,
  NONE,
  rate,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { serverLines } from './cell-text.ts';
import { fittedTable } from './fitted-table.ts';
import { tableWithin } from './plain-table.ts';

interface Row {
  cell: ComparedCell;
  zones: ComparedZones;
  /** Of the CPU time per delivery. */
  interval: string;
}

/** The values of a column; two that belong together have a line each. */
interface Column {
  head: string;
  /** In a terminal that is too narrow for the table. */
  label: string;
  lines(row: Row): string[];
}

const COLUMNS: readonly Column[] = [
  {
    head: 'deliveries\n/s',
    label: 'deliveries/s',
    lines: ({ zones }) => [rate(zones.deliveryRate)],
  },
  { head: 'p50\nms', label: 'p50 ms', lines: ({ zones }) => [milliseconds(zones.latency.p50Us)] },
  { head: 'p99\nms', label: 'p99 ms', lines: ({ zones }) => [milliseconds(zones.latency.p99Us)] },
  { head: 'max\nms', label: 'max ms', lines: ({ zones }) => [milliseconds(zones.latency.maxUs)] },
  {
    head: 'last\np99 ms',
    label: 'last member p99 ms',
    lines: ({ zones }) => [milliseconds(zones.lastMember.p99Us)],
  },
  {
    head: `CPU µs/delivery\n${INTERVAL_PERCENT} % interval`,
    label: `CPU µs/delivery, ${INTERVAL_PERCENT} % interval`,
    lines: ({ zones, interval }) => [decimal(zones.cpuPerDeliveryUs), interval],
  },
  {
    head: 'of it IO\ncontent',
    label: 'of it IO, content',
    lines: ({ zones }) => [
      decimal(zones.ioCpuPerDeliveryUs),
      decimal(zones.contentCpuPerDeliveryUs),
    ],
  },
  {
    head: 'sends\nKiB/msg',
    label: 'sends, KiB/msg',
    lines: ({ zones }) => [decimal(zones.sendsPerReceive), kibibytes(zones.bytesPerReceive)],
  },
  {
    head: 'backlog\nKiB',
    label: 'backlog KiB',
    lines: ({ zones }) => [kibibytes(zones.backlogMaxBytes)],
  },
  {
    head: 'by\npolicy',
    label: 'by policy',
    lines: ({ zones }) => policyText(zones).split(', '),
  },
];

/** Where a server sent updates on its own. */
const TICK_COLUMNS: readonly Column[] = [
  {
    head: 'ticks\nskipped',
    label: 'ticks, skipped',
    lines: ({ zones }) => [count(zones.ticks), count(zones.ticksSkipped)],
  },
  {
    head: 'tick p99\nlate ms',
    label: 'tick p99, late p99 ms',
    lines: ({ zones }) => [
      milliseconds(zones.tickLatency.p99Us),
      milliseconds(zones.tickLateness.p99Us),
    ],
  },
];

/** Who pays for the fan-out, a row per cell; empty without zones. */
export function zoneLines(comparison: Comparison, columns: number, colors: Colors): string[] {
  const rows = comparison.cells.flatMap((cell): Row[] =>
    cell.zones === null
      ? []
      : [{ cell, zones: cell.zones, interval: intervalOf(comparison, cell.key) }],
  );
  if (rows.length === 0) return [];
  const ticks = rows.some(({ zones }) => hasTicks(zones));
  const shown = ticks ? [...COLUMNS, ...TICK_COLUMNS] : COLUMNS;
  return [
    table(rows, shown, columns, colors) ?? blocks(rows, shown, columns, colors),
    LEGEND,
    ...(ticks ? [TICK_LEGEND] : []),
  ];
}

const LEGEND =
  'Latency from when a message was due until a member of the zone has it; last: until all have it.';

const TICK_LEGEND =
  'Ticks: from when one was due until a member has it (only with a shared clock); late: until it is sent.';

function table(
  rows: readonly Row[],
  shown: readonly Column[],
  columns: number,
  colors: Colors,
): string | undefined {
  return tableWithin(columns, {
    head: ['zones', ...shown.map(({ head }) => head)].map((head) => colors.bold(head)),
    align: ['left', ...shown.map(() => 'right' as const)],
    rows: rows.map((row) => [
      serverLines(row.cell.cell).join('\n'),
      ...shown.map(({ lines }) => lines(row).join('\n')),
    ]),
  });
}

function blocks(
  rows: readonly Row[],
  shown: readonly Column[],
  columns: number,
  colors: Colors,
): string {
  return fittedTable({
    head: ['zones', ...shown.map(({ label }) => label)].map((head) => colors.bold(head)),
    rows: rows.map((row) => [
      `zones of ${row.cell.key}`,
      ...shown.map(({ lines }) => lines(row).join(', ')),
    ]),
    columns,
  });
}

/** Of the CPU time per delivery, over the repeats. */
function intervalOf({ rankings }: Comparison, key: string): string {
  const ranked = rankings
    .filter(({ metric }) => metric === 'server.cpuPerDelivery')
    .flatMap(({ cells }) => cells)
    .find((cell) => cell.key === key);
  if (ranked === undefined || ranked.low === null || ranked.high === null) return NONE;
  return metricRangeText('server.cpuPerDelivery', ranked.low, ranked.high);
}

/** What the policy did: `1,204 dropped`, `3 closed`; `0` where it did nothing. */
export function policyText({
  dropped,
  replaced,
  closed,
}: Pick<ComparedZones, 'dropped' | 'replaced' | 'closed'>): string {
  const parts = Object.entries({ dropped, replaced, closed }).filter(([, many]) => many > 0);
  return parts.map(([what, many]) => `${count(many)} ${what}`).join(', ') || '0';
}
