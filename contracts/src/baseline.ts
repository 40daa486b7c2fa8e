import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

export const BASELINE_NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

/** A soak that others are compared with; retention leaves it alone. */
export const Baseline = Type.Object(
  {
    name: Type.String({ pattern: BASELINE_NAME_PATTERN }),
    soakId: Type.String(),
    note: Type.String({ maxLength: 500 }),
    pinnedAtMs: Type.Integer(),
  },
  closed,
);
export type Baseline = Static<typeof Baseline>;
