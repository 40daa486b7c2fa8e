import { type Static, Type } from 'typebox';
import { BASELINE_NAME_PATTERN, SCHEDULE_NAME_PATTERN } from '../values/name-patterns.ts';

const closed = { additionalProperties: false } as const;

/** A soak that others are compared with; retention does not delete it. */
export const Baseline = Type.Object(
  {
    name: Type.String({ pattern: BASELINE_NAME_PATTERN }),
    soakId: Type.String(),
    note: Type.String({ maxLength: 500 }),
    pinnedAtMs: Type.Integer(),
    schedule: Type.Union([Type.String({ pattern: SCHEDULE_NAME_PATTERN }), Type.Null()], {
      description: "schedule whose trend's base begins with this soak; the newest such pin counts",
    }),
  },
  closed,
);
export type Baseline = Static<typeof Baseline>;

/** What a user sends to pin a soak. */
export const BaselineRequest = Type.Object(
  {
    soakId: Type.String({ maxLength: 100, description: 'id of a finished soak' }),
    note: Type.String({ default: '', maxLength: 500 }),
    schedule: Type.Optional(
      Type.String({
        pattern: SCHEDULE_NAME_PATTERN,
        description:
          "a schedule that the soak belongs to: its trend's base restarts with this soak",
      }),
    ),
  },
  {
    ...closed,
    examples: [{ soakId: 'soak-01k9x2m4qrs6tv8wxyz0123456', note: 'before the new allocator' }],
  },
);
export type BaselineRequest = Static<typeof BaselineRequest>;
