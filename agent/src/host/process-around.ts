import type { OwnFigures, ProcessFigures } from '@oversoak/contracts';
import type { Javascript } from './javascript.ts';

/** JavaScript's garbage is collected this often at the most, and so not in every short window. */
const COLLECT_EVERY_MS = 10_000;
/** Windows end by a timer, which may be a little early. */
const EARLY_MS = 500;

/** A process's figures, and what of JavaScript's was alive at the last collection. */
export interface Moment {
  process: ProcessFigures;
  liveBytes: number;
}

function gained(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}

/** Pure: what came into the process since `before`, and is not JavaScript's. */
export function ownFigures(now: Moment, before: Moment): OwnFigures {
  const memory = (figure: 'workingSetBytes' | 'privateBytes') => {
    const bytes = gained(now.process[figure], before.process[figure]);
    return bytes === null ? null : bytes - (now.liveBytes - before.liveBytes);
  };
  return {
    workingSetBytes: memory('workingSetBytes'),
    privateBytes: memory('privateBytes'),
    handles: gained(now.process.handles, before.process.handles),
    threads: gained(now.process.threads, before.process.threads),
  };
}

/**
 * Tells a server's memory, handles and threads from those of the process around it: made just before
 * the server is. Garbage is collected, so that it takes no new pages; what lives (a run's windows)
 * is counted and left out. Why not otherwise: docs/decisions/server-memory.md.
 */
export class ProcessAround {
  readonly #javascript: Javascript;
  readonly #before: Moment;
  #collectedAtMs: number;
  #liveBytes: number;

  constructor(javascript: Javascript, read: () => ProcessFigures, nowMs: number) {
    this.#javascript = javascript;
    this.#collectedAtMs = nowMs;
    this.#liveBytes = javascript.collect();
    this.#before = { process: read(), liveBytes: this.#liveBytes };
  }

  /** Called between two windows, where a pause of JavaScript is in neither. */
  settle(nowMs: number): void {
    if (nowMs - this.#collectedAtMs < COLLECT_EVERY_MS - EARLY_MS) return;
    this.#collectedAtMs = nowMs;
    this.#liveBytes = this.#javascript.collect();
  }

  /** `process`: as it is now. */
  own(process: ProcessFigures): OwnFigures {
    return ownFigures({ process, liveBytes: this.#liveBytes }, this.#before);
  }
}
