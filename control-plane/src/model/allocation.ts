import type { Member } from './run-record.ts';

/** The slots that a run holds, and the number that fences every message about it. */
export interface Allocation {
  epoch: number;
  gang: Member[];
}
