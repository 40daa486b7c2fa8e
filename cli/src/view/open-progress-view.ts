import type { Terminal } from '../shell/terminal.ts';
import { liveProgress } from './live-progress.ts';
import { plainProgress } from './plain-progress.ts';
import type { ProgressView } from './progress-view.ts';

export function openProgressView(terminal: Terminal): ProgressView {
  return terminal.live ? liveProgress(terminal) : plainProgress(terminal);
}
