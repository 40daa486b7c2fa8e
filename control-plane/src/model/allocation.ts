import type { Member } from './run-record.ts';

/** The slots that a run holds, and the fencing token (epoch) of its messages. */
export interface Allocation {
  epoch: number;
  gang: Member[];
}
