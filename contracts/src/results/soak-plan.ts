import { type Static, Type } from 'typebox';

/** What a soak would be if it were submitted now. */
export const SoakPlan = Type.Object(
  {
    name: Type.String(),
    cells: Type.Integer({ minimum: 1, description: 'those of the baseline included' }),
    repeats: Type.Integer({ minimum: 1 }),
    runs: Type.Integer({ minimum: 1 }),
    plannedSeconds: Type.Number({
      description: 'phases of all runs, one after another; runs that go at once take less',
    }),
    deliveriesPerSecond: Type.Optional(
      Type.Number({
        description:
          'of a run with zones: ratePerSecond × zones.share × zones.size + sessions × zones.ticksPerSecond, with the most sessions; absent: no zones',
      }),
    ),
  },
  { additionalProperties: false },
);
export type SoakPlan = Static<typeof SoakPlan>;
