import type { Problem, SoakSpec } from '@oversoak/contracts';

/** A rule across fields. It runs only if the fields that it `reads` match the schema. */
export interface Rule {
  reads: string[];
  problems(spec: SoakSpec): Problem[];
}
