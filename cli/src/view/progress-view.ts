import type { SoakListener } from '../watch/follow.ts';

export interface ProgressView extends SoakListener {
  /** Nothing is written until `resume`, which shows what has become known meanwhile. */
  pause(): void;
  resume(): void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}
