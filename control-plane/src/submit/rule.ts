import type { Problem, SoakSpec } from '@oversoak/contracts';

/** A rule between fields. It is asked only when the schema has nothing against what it `reads`. */
export interface Rule {
  reads: string[];
  problems(spec: SoakSpec): Problem[];
}
