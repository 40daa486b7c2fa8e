import { type Static, Type } from 'typebox';
import { DIFFERENCE_METRICS, type DifferenceMetric } from './difference.ts';

const closed = { additionalProperties: false } as const;
const NullableNumber = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description });

/** A cell in a ranking. */
export const RankedCell = Type.Object(
  {
    key: Type.String(),
    value: Type.Number({ description: 'geometric mean over the repeats' }),
    low: NullableNumber('lower end of its interval; null: of one repeat'),
    high: NullableNumber('upper end'),
    repeats: Type.Integer({ minimum: 1, description: 'repeats that were used' }),
  },
  closed,
);
export type RankedCell = Static<typeof RankedCell>;

/** The cells of a soak with the same number of sessions, ranked by one metric. */
export const Ranking = Type.Object(
  {
    metric: Type.Enum(Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[]),
    unit: Type.String(),
    sessions: Type.Integer({ minimum: 1 }),
    best: Type.Enum(['lowest', 'highest'], { description: 'which value is ranked first' }),
    cells: Type.Array(RankedCell, { description: 'best first' }),
    apart: Type.Array(Type.Object({ better: Type.String(), worse: Type.String() }, closed), {
      description:
        'keys of cells that differ significantly, adjusted for the number of pairs (Holm)',
    }),
    words: Type.String({ description: 'the ranking as a sentence' }),
  },
  closed,
);
export type Ranking = Static<typeof Ranking>;
