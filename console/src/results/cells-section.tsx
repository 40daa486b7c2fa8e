import type { ComparedCell } from '@oversoak/contracts';
import {
  count,
  decimal,
  mebibytes,
  milliseconds,
  rate,
  share,
} from '@oversoak/contracts/results/figure-text';
import { countedErrors } from '../models/evidence.ts';
import { Section } from '../parts/section.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { VerdictBadge } from '../parts/verdict.tsx';

const figure = (title: string, cell: (row: ComparedCell) => string): Column<ComparedCell> => ({
  title,
  isFigure: true,
  cell,
});

const COLUMNS: readonly Column<ComparedCell>[] = [
  { title: 'cell', cell: ({ key }) => key },
  { title: 'verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
  figure('rate, /s', ({ achievedRate }) => rate(achievedRate)),
  figure('of due', ({ achievedRate, offeredRate }) => share(achievedRate, offeredRate)),
  figure('p50, ms', ({ latencyIntended }) => milliseconds(latencyIntended.p50Us)),
  figure('p99, ms', ({ latencyIntended }) => milliseconds(latencyIntended.p99Us)),
  figure('p99.9, ms', ({ latencyIntended }) => milliseconds(latencyIntended.p999Us)),
  figure('slowest 1 %, ms', ({ latencyIntended }) => milliseconds(latencyIntended.slowestUs)),
  figure('max, ms', ({ latencyIntended }) => milliseconds(latencyIntended.maxUs)),
  figure('CPU, µs per echo', (cell) => decimal(cell.serverCpuPerEchoUs)),
  figure('memory, MiB', ({ serverWorkingSetBytes }) => mebibytes(serverWorkingSetBytes)),
  figure('echoes', ({ echoes }) => count(echoes)),
  figure('errors', (cell) =>
    count(countedErrors(cell).reduce((sum, error) => sum + error.count, 0)),
  ),
];

export function CellsSection({ cells }: { cells: readonly ComparedCell[] }) {
  return (
    <Section
      title="Cells"
      note="Over all repeats. Latency counts from the moment at which a message was due."
    >
      <Table
        caption="Figures of the cells"
        columns={COLUMNS}
        rows={cells}
        keyOf={({ key }) => key}
      />
    </Section>
  );
}
