import { SETTINGS } from '@oversoak/contracts';

/** All time limits of runs and agents; tests pass smaller ones. */
export interface RunLimits {
  /** The longest total of a run's phases; a longer spec is rejected. */
  maxRunSeconds: number;
  /** The longest wait behind the other runs of its soak. */
  queuedMs: number;
  /** The longest wait for agents. */
  allocatingMs: number;
  /** After this wait, free agents are reserved for its gang. */
  holdAfterMs: number;
  /** The longest wait while no live agents could run it. */
  unplaceableMs: number;
  prepareMs: number;
  /** From the last `prepared` to the common start; covers the delivery of the start jobs. */
  startLeadMs: number;
  /** A server waits this long after the fleets' drain before it stops. */
  serverStopMs: number;
  /** From the planned end to the last `finished`. */
  finishGraceMs: number;
  abortMs: number;
  /** After this time, a judgement that was not stored is repeated. */
  judgeMs: number;
  /** After a restart of the control plane, the time agents have to deliver pending reports. */
  recoverGraceMs: number;
  /** The reaper deletes an agent that has not been live for this long. */
  forgetAgentMs: number;
}

const SECOND = 1000;
const DAY = 86_400 * SECOND;

export const RUN_LIMITS: RunLimits = {
  maxRunSeconds: SETTINGS.OVERSOAK_MAX_RUN_SECONDS.default,
  queuedMs: 90 * DAY,
  allocatingMs: 45 * DAY,
  holdAfterMs: 60 * SECOND,
  unplaceableMs: 60 * SECOND,
  prepareMs: 60 * SECOND,
  startLeadMs: 500,
  serverStopMs: 3 * SECOND,
  finishGraceMs: 30 * SECOND,
  abortMs: 5 * SECOND,
  judgeMs: 30 * SECOND,
  recoverGraceMs: 10 * SECOND,
  forgetAgentMs: 30 * DAY,
};
