import { type Static, Type } from 'typebox';
import { BASELINE_NAME_PATTERN } from '../values/name-patterns.ts';
import { SoakSpec } from './soak-spec.ts';

/** The pinned baseline of a soak's `against`, as it was when the soak was submitted. */
export const HeldAgainst = Type.Object(
  {
    baseline: Type.String({ pattern: BASELINE_NAME_PATTERN, description: 'its name' }),
    soakId: Type.String({ description: 'that it stood for' }),
    /** The spec that the baseline's cells run with. Its thresholds are not applied to them. */
    spec: SoakSpec,
  },
  { additionalProperties: false },
);
export type HeldAgainst = Static<typeof HeldAgainst>;
