import {
  countSince,
  countsSince,
  type FleetWindow,
  type FleetWindowSnapshot,
  histogramText,
  type ServerFigures,
  type ServerWindow,
} from '@oversoak/contracts';
import { meanDepth } from './queue-depth.ts';

/** Where a window lies, in seconds since the measurement began. */
export interface WindowSpan {
  startSeconds: number;
  endSeconds: number;
}

/** The fleet itself knows what was due in each of its windows. */
export function fleetWindow(
  span: WindowSpan,
  { intended, ...counts }: FleetWindowSnapshot,
): FleetWindow {
  return { ...span, ...counts, intended: histogramText(intended) };
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
    own: later.own,
  };
}
