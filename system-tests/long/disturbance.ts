// What of the machine can spoil a run whose verdict is tested.
import type { ComparedCell } from '@oversoak/contracts';

/** Why a run says nothing of what its test is about: the machine had other work. null: it did not. */
export type Disturbance = (cell: ComparedCell, lateMs: number) => string | null;

export const ofFleet: Disturbance = ({ reasons }) =>
  reasons.join().startsWith('generator saturated') ? reasons.join() : null;

/** Messages that are in no latency, because the fleet disturbed them. */
export const disturbedIn = ({ offeredRate, measuredSeconds, latencyIntended }: ComparedCell) =>
  Math.round((offeredRate ?? 0) * measuredSeconds) - latencyIntended.count;

const MAX_DISTURBED = 20;
/** Of the latencies, in which echoes are not that the fleet disturbed. */
export const ofLatency: Disturbance = (cell) => {
  const without = disturbedIn(cell);
  return without > MAX_DISTURBED ? `the fleet disturbed ${without} messages` : null;
};

/** Of the servers in this process, which were late at this percentile with all that they did. */
export const LATE_PERCENTILE = 99;
export const ofServer =
  (limitMs: number): Disturbance =>
  (_, lateMs) =>
    lateMs > limitMs ? `the test's server was ${lateMs} ms late itself` : null;
