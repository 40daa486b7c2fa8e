import { SETTINGS } from '@oversoak/contracts';

/** Every bound of a run's life and an agent's, in one place; tests pass smaller ones. */
export interface RunLimits {
  /** The longest that the phases of a run may add up to; a spec with longer ones is refused. */
  maxRunSeconds: number;
  /** The longest wait behind the other runs of its soak. */
  queuedMs: number;
  /** The longest wait for agents. */
  allocatingMs: number;
  /** After this wait free agents are kept for its gang. */
  holdAfterMs: number;
  /** How long it waits for agents that could run it to come back. */
  unplaceableMs: number;
  prepareMs: number;
  /** From the last `prepared` to the common start; covers the way of the start jobs. */
  startLeadMs: number;
  /** A server waits this long after the fleets' drain before it stops. */
  serverStopMs: number;
  /** From the planned end to the last `finished`. */
  finishGraceMs: number;
  abortMs: number;
  /** After this a judgement that was not stored is made again. */
  judgeMs: number;
  /** What a restarted control plane gives agents to deliver what they could not. */
  recoverGraceMs: number;
  /** An agent that was not seen live for so long is forgotten. */
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
