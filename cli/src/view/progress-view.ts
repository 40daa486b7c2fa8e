import type { SoakListener } from '../watch/follow.ts';

export interface ProgressView extends SoakListener {
  /** Suspends output until `resume`, which shows what changed meanwhile. */
  pause(): void;
  resume(): void;
  /** Restores the terminal. */
  stop(): void;
}
