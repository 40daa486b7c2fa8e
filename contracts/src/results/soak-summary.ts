import { type Static, Type } from 'typebox';
import { Soak } from './run.ts';

const closed = { additionalProperties: false } as const;

/** A soak in a list: without its spec and runs. */
export const SoakSummary = Type.Object(
  {
    soakId: Soak.properties.soakId,
    name: Soak.properties.name,
    createdAtMs: Soak.properties.createdAtMs,
    state: Soak.properties.state,
    verdict: Soak.properties.verdict,
    runs: Type.Integer({ minimum: 1 }),
    runsDone: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type SoakSummary = Static<typeof SoakSummary>;

export const SoaksPage = Type.Object(
  {
    soaks: Type.Array(SoakSummary),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'null: the last page' }),
  },
  closed,
);
export type SoaksPage = Static<typeof SoaksPage>;
