/** The states of a run, in order. */
export const RUN_STATES = [
  'queued',
  'allocating',
  'preparing',
  'starting',
  'warming',
  'measuring',
  'draining',
  'judging',
  'done',
] as const;
export type RunState = (typeof RUN_STATES)[number];
