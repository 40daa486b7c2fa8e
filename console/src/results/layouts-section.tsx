import type { ComparedCell } from '@oversoak/contracts';
import { decimal, milliseconds, wholeNumber } from '@oversoak/contracts/results/figure-text';
import { layoutGroups } from '../models/layout-pairs.ts';
import { Folded, Section } from '../parts/section.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { barColumn } from './bar-column.tsx';

/** What a layout costs: the queue of the contents and the lock of the player container. */
export function LayoutsSection({ cells }: { cells: readonly ComparedCell[] }) {
  const groups = layoutGroups(cells);
  if (groups.length === 0) return null;
  const all = groups.flatMap((group) => group.cells);
  const columns: Column<ComparedCell>[] = [
    { title: 'layout', cell: ({ cell }) => cell.layout },
    barColumn('queue depth, mean', all, ({ queueDepthMean }) => queueDepthMean, decimal),
    barColumn('queue depth, max', all, ({ queueDepthMax }) => queueDepthMax, wholeNumber),
    barColumn('queue wait p99, ms', all, ({ queueWait }) => queueWait.p99Us, milliseconds),
    barColumn('lock wait p50, ms', all, ({ lockWait }) => lockWait.p50Us, milliseconds),
    barColumn('lock wait p99, ms', all, ({ lockWait }) => lockWait.p99Us, milliseconds),
    barColumn('lock wait max, ms', all, ({ lockWait }) => lockWait.maxUs, milliseconds),
  ];
  return (
    <Section
      title="Queue and lock by layout"
      note="Messages that waited for a content thread, and the wait for the player container's lock."
    >
      <Folded count={all.length} summary={`${all.length} cells`}>
        {groups.map(({ label, cells: group }) => (
          <div key={label}>
            <h3>{label}</h3>
            <Table
              caption={`Queue and lock: ${label}`}
              columns={columns}
              rows={group}
              keyOf={({ key }) => key}
            />
          </div>
        ))}
      </Folded>
    </Section>
  );
}
