import {
  type ComparedCell,
  type ComparedZones,
  type Comparison,
  count,
  decimal,
  INTERVAL_PERCENT,
  metricRangeText,
  milliseconds,
  NONE,
  rate,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { fittedTable } from './fitted-table.ts';

const KIB = 1024;

type Row = { cell: ComparedCell; zones: ComparedZones };

/** Who pays for the fan-out, one line per cell; empty without zones. */
export function zoneLines(comparison: Comparison, columns: number, colors: Colors): string[] {
  const rows = comparison.cells.flatMap((cell): Row[] =>
    cell.zones === null ? [] : [{ cell, zones: cell.zones }],
  );
  if (rows.length === 0) return [];
  const head = [
    'zones',
    'deliv./s',
    'p50 ms',
    'p99 ms',
    'max ms',
    'last p99',
    'CPU µs',
    `${INTERVAL_PERCENT} %`,
    'IO µs',
    'content µs',
    'sends',
    'KiB',
    'backlog KiB',
    'left out',
  ];
  return [
    fittedTable({
      head: head.map((title) => colors.bold(title)),
      align: ['left', ...head.slice(1).map(() => 'right' as const)],
      rows: rows.map((row) => figures(row, intervalOf(comparison, row.cell.key))),
      columns,
      rules: 'head',
    }),
    "Latency from when a message was due until a member has it; last: until all have it. CPU of the server's own threads per delivery; sends and KiB per message received.",
  ];
}

function figures({ cell, zones }: Row, interval: string): string[] {
  const { latency, lastMember } = zones;
  return [
    cell.key,
    rate(zones.deliveryRate),
    milliseconds(latency.p50Us),
    milliseconds(latency.p99Us),
    milliseconds(latency.maxUs),
    milliseconds(lastMember.p99Us),
    decimal(zones.cpuPerDeliveryUs),
    interval,
    decimal(zones.ioCpuPerDeliveryUs),
    decimal(zones.contentCpuPerDeliveryUs),
    decimal(zones.sendsPerReceive),
    decimal(zones.bytesPerReceive === null ? null : zones.bytesPerReceive / KIB),
    decimal(zones.backlogMaxBytes / KIB),
    leftOutText(zones),
  ];
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
export function leftOutText({
  dropped,
  replaced,
  closed,
}: Pick<ComparedZones, 'dropped' | 'replaced' | 'closed'>): string {
  const parts = Object.entries({ dropped, replaced, closed }).filter(([, many]) => many > 0);
  return parts.map(([what, many]) => `${count(many)} ${what}`).join(', ') || '0';
}
