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

/** Start and end of a window in seconds since the start of the measurement. */
export interface WindowSpan {
  startSeconds: number;
  endSeconds: number;
}

/** The native fleet itself knows which messages were due in each of its windows. */
export function fleetWindow(
  span: WindowSpan,
  { intended, ...counts }: FleetWindowSnapshot,
): FleetWindow {
  return { ...span, ...counts, intended: histogramText(intended) };
}

function cpuSeconds({ threads }: ServerFigures): number {
  return threads.reduce((sum, thread) => sum + thread.userSeconds + thread.kernelSeconds, 0);
}

/** @throws Error when a counter ran backwards */
export function serverWindow(
  span: WindowSpan,
  earlier: ServerFigures,
  later: ServerFigures,
): ServerWindow {
  return {
    ...span,
    echoed: countSince('frames.echoed', later.frames.echoed, earlier.frames.echoed),
    // A thread that ends takes its CPU time with it, so this sum may legitimately fall.
    cpuSeconds: Math.max(0, cpuSeconds(later) - cpuSeconds(earlier)),
    sessions: later.sessions.live,
    queueDepthMean: meanDepth(later, earlier),
    errors: countsSince('errors', later.errors, earlier.errors),
    own: later.own,
  };
}
