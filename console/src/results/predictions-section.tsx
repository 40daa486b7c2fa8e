import type { ComparedPrediction } from '@oversoak/contracts';
import { decimal, NONE } from '@oversoak/contracts/results/figure-text';
import { Section } from '../parts/section.tsx';
import { type Column, Table } from '../parts/table.tsx';

const COLUMNS: readonly Column<ComparedPrediction>[] = [
  { title: 'cell', cell: ({ key }) => key },
  { title: 'figure', cell: ({ figure }) => figure },
  { title: 'predicted', cell: ({ predicted }) => predicted.text },
  {
    title: 'measured',
    isFigure: true,
    cell: ({ actual, unit }) => (actual === null ? NONE : `${decimal(actual.median)} ${unit}`),
  },
  { title: 'outcome', cell: ({ outcome }) => outcome },
];

export function PredictionsSection({
  predictions,
}: {
  predictions: readonly ComparedPrediction[];
}) {
  if (predictions.length === 0) return null;
  return (
    <Section title="Predictions" note="They change no verdict.">
      <Table
        caption="Predictions"
        columns={COLUMNS}
        rows={predictions}
        keyOf={({ key, figure }) => `${key} ${figure}`}
      />
    </Section>
  );
}
