import { type Static, Type } from 'typebox';
import { BASELINE_NAME_PATTERN } from '../values/name-patterns.ts';
import { SoakSpec } from './soak-spec.ts';

/** The pinned baseline of a soak's `against`, as it was when the soak was submitted. */
export const PinnedBaseline = Type.Object(
  {
    baseline: Type.String({ pattern: BASELINE_NAME_PATTERN, description: 'name of the baseline' }),
    soakId: Type.String({ description: 'the soak that was pinned under that name' }),
    /** The spec of the baseline's cells; its thresholds do not apply to them. */
    spec: SoakSpec,
  },
  { additionalProperties: false },
);
export type PinnedBaseline = Static<typeof PinnedBaseline>;
