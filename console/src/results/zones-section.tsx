import type { ComparedCell, ComparedZones } from '@oversoak/contracts';
import {
  count,
  decimal,
  kibibytes,
  milliseconds,
  rate,
  wholeNumber,
} from '@oversoak/contracts/results/figure-text';
import { hasTicks } from '@oversoak/contracts/results/zone-ticks';
import { Section } from '../parts/section.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { barColumn } from './bar-column.tsx';

/** Who pays for a broadcast: the latency to each member, and the server's CPU per delivery. */
export function ZonesSection({ cells }: { cells: readonly ComparedCell[] }) {
  const rows = cells.filter(({ zones }) => zones !== null);
  if (rows.length === 0) return null;
  const bar = (
    title: string,
    value: (zones: ComparedZones) => number | null,
    text: (value: number | null) => string,
  ) => barColumn(title, rows, ({ zones }) => (zones === null ? null : value(zones)), text);
  const columns: Column<ComparedCell>[] = [
    { title: 'cell', cell: ({ key }) => key },
    bar('deliveries, /s', ({ deliveryRate }) => deliveryRate, rate),
    bar('delivery p50, ms', ({ latency }) => latency.p50Us, milliseconds),
    bar('delivery p99, ms', ({ latency }) => latency.p99Us, milliseconds),
    bar('delivery max, ms', ({ latency }) => latency.maxUs, milliseconds),
    bar('last member p99, ms', ({ lastMember }) => lastMember.p99Us, milliseconds),
    bar('CPU, µs per delivery', ({ cpuPerDeliveryUs }) => cpuPerDeliveryUs, decimal),
    bar('IO threads, µs', ({ ioCpuPerDeliveryUs }) => ioCpuPerDeliveryUs, decimal),
    bar('content threads, µs', ({ contentCpuPerDeliveryUs }) => contentCpuPerDeliveryUs, decimal),
    bar('sends per receive', ({ sendsPerReceive }) => sendsPerReceive, decimal),
    bar('KiB per receive', ({ bytesPerReceive }) => bytesPerReceive, kibibytes),
    bar('backlog, KiB', ({ backlogMaxBytes }) => backlogMaxBytes, kibibytes),
    bar('left out', ({ dropped, replaced }) => dropped + replaced, wholeNumber),
    bar('closed', ({ closed }) => closed, wholeNumber),
    ...(rows.some(({ zones }) => zones !== null && hasTicks(zones))
      ? [
          bar('ticks', ({ ticks }) => ticks, wholeNumber),
          bar('ticks skipped', ({ ticksSkipped }) => ticksSkipped, wholeNumber),
          bar('tick p99, ms', ({ tickLatency }) => tickLatency.p99Us, milliseconds),
          bar('tick lateness p99, ms', ({ tickLateness }) => tickLateness.p99Us, milliseconds),
        ]
      : []),
  ];
  const deliveries = rows.reduce((sum, { zones }) => sum + (zones?.deliveries ?? 0), 0);
  return (
    <Section
      title="Zones"
      note={`${count(deliveries)} deliveries. Latency counts from the moment at which a message was due until a member of the zone has it.`}
    >
      <Table
        caption="Deliveries to the members of zones"
        columns={columns}
        rows={rows}
        keyOf={({ key }) => key}
      />
    </Section>
  );
}
