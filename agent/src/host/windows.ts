import {
  countSince,
  countsSince,
  type FleetFigures,
  type FleetWindow,
  histogramSince,
  type ProcessFigures,
  type ServerFigures,
  type ServerWindow,
} from '@oversoak/contracts';
import { meanDepth } from '../queue-depth.ts';

/** Where a window lies, in seconds since the measurement began. */
export interface WindowSpan {
  startSeconds: number;
  endSeconds: number;
}

function processOf({ userSeconds: _, kernelSeconds: __, ...rest }: ProcessFigures) {
  return rest;
}

/** Throws Error where a counter ran backwards. */
export function fleetWindow(
  span: WindowSpan,
  earlier: FleetFigures,
  later: FleetFigures,
): FleetWindow {
  return {
    ...span,
    intended: histogramSince(later.latency.intended, earlier.latency.intended),
    offered: countSince('offered', later.offered, earlier.offered),
    sent: countSince('ledger.sent', later.ledger.sent, earlier.ledger.sent),
    echoed: countSince('ledger.echoed', later.ledger.echoed, earlier.ledger.echoed),
    late: countSince('late', later.late, earlier.late),
    errors: countsSince('errors', later.errors, earlier.errors),
    process: processOf(later.process),
  };
}

function cpuSeconds({ threads }: ServerFigures): number {
  return threads.reduce((sum, thread) => sum + thread.userSeconds + thread.kernelSeconds, 0);
}

/** Throws Error where a counter ran backwards. */
export function serverWindow(
  span: WindowSpan,
  earlier: ServerFigures,
  later: ServerFigures,
): ServerWindow {
  return {
    ...span,
    echoed: countSince('frames.echoed', later.frames.echoed, earlier.frames.echoed),
    // A thread that ended takes its time with it, so that this sum may fall without a fault.
    cpuSeconds: Math.max(0, cpuSeconds(later) - cpuSeconds(earlier)),
    sessions: later.sessions.live,
    queueDepthMean: meanDepth(later, earlier),
    errors: countsSince('errors', later.errors, earlier.errors),
    process: processOf(later.process),
  };
}
