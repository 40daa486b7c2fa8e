import type { SoakReport } from '@oversoak/contracts';
import { ERROR_CLASSES, type ErrorClass } from '@oversoak/contracts/figures/error-classes';
import { count, WHOLE_RUNS } from '@oversoak/contracts/results/figure-text';
import { countedErrors } from '../models/evidence.ts';
import { Section } from '../parts/section.tsx';
import { Table } from '../parts/table.tsx';

/** Errors by cell and class, and whether every message has its end. */
export function ErrorsSection({ report }: { report: SoakReport }) {
  const { cells } = report.comparison;
  const rows = cells.flatMap((cell) =>
    countedErrors(cell).map((error) => ({ ...error, key: cell.key })),
  );
  const echoes = cells.reduce((sum, { ledger }) => sum + ledger.echoed, 0);
  const unbalanced = cells.filter(({ ledger }) => !ledger.balanced).map(({ key }) => key);
  return (
    <Section title="Errors" note={`Over ${WHOLE_RUNS}.`}>
      {rows.length === 0 ? (
        <p>None in {count(echoes)} echoes of them.</p>
      ) : (
        <Table
          caption="Errors by cell and class"
          columns={[
            { title: 'cell', cell: ({ key }) => key },
            { title: 'class', cell: ({ name }) => name },
            { title: 'count', isFigure: true, cell: (row) => count(row.count) },
            { title: 'meaning', cell: ({ name }) => ERROR_CLASSES[name as ErrorClass] },
          ]}
          rows={rows}
          keyOf={({ key, name }) => `${key} ${name}`}
        />
      )}
      <p>
        {unbalanced.length === 0
          ? 'Every message is accounted for.'
          : `The ledger does not balance in ${unbalanced.join(', ')}.`}
      </p>
    </Section>
  );
}
