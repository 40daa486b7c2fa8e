import type { Terminal } from '../terminal.ts';
import type { SoakListener } from '../watch/follow.ts';
import { liveProgress } from './live-progress.ts';
import { plainProgress } from './plain-progress.ts';

export interface ProgressView extends SoakListener {
  /** Nothing is written until `resume`, which shows what has become known meanwhile. */
  pause(): void;
  resume(): void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}

export function openProgressView(terminal: Terminal): ProgressView {
  return terminal.live ? liveProgress(terminal) : plainProgress(terminal);
}
