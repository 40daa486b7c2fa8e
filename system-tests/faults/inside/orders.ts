// What a test orders of a process that it has started: a file that the process looks at. The one
// reader of the environment on this side.
import { readFileSync } from 'node:fs';

export interface Orders {
  /** Added to the wall clock. */
  clockShiftMs: number;
  /** Whether the disk takes no more. */
  diskFull: boolean;
  /** What goes no further while it stands here: a server's start, a fleet's end. */
  hold: 'prepare' | 'end' | null;
}

export const NO_ORDERS: Orders = { clockShiftMs: 0, diskFull: false, hold: null };

/** Names the file to a process and to its children. */
export const ORDERS_VARIABLE = 'FAULTS_ORDERS';

/** An order takes effect within this time; the file is not read more often. */
const READ_EVERY_MS = 10;

let read: Orders = NO_ORDERS;
let readAtMs = Number.NEGATIVE_INFINITY;

export function orders(): Orders {
  const nowMs = performance.now();
  if (nowMs - readAtMs < READ_EVERY_MS) return read;
  readAtMs = nowMs;
  read = JSON.parse(readFileSync(process.env[ORDERS_VARIABLE] ?? '', 'utf8')) as Orders;
  return read;
}
