import type { OwnFigures } from '@oversoak/contracts';
import type { HostFigures } from '@oversoak/native-server';
import type { Javascript } from './javascript.ts';

/** JavaScript's garbage is collected this often at the most, and so not in every short window. */
const COLLECT_EVERY_MS = 10_000;
/** Windows end by a timer, which may be a little early. */
const EARLY_MS = 500;

/** A host's figures, and what of JavaScript's was alive at the last collection. */
export interface Moment {
  process: HostFigures;
  liveBytes: number;
}

function gained(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}

/** Pure: what came into the process since `before`, and is not JavaScript's. */
export function ownFigures(now: Moment, before: Moment): OwnFigures {
  // A hole in the addon's heap is what the next leak goes into unseen: it holds nothing.
  const holes = now.process.heapFreeBytes - before.process.heapFreeBytes;
  const notHeld = now.liveBytes - before.liveBytes + holes;
  const memory = (figure: 'workingSetBytes' | 'privateBytes') => {
    const bytes = gained(now.process[figure], before.process[figure]);
    return bytes === null ? null : bytes - notHeld;
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
  readonly #read: () => HostFigures;
  readonly #before: Moment;
  #collectedAtMs: number;
  #liveBytes: number;

  constructor(javascript: Javascript, read: () => HostFigures, nowMs: number) {
    this.#javascript = javascript;
    this.#read = read;
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

  /** As it is now. */
  own(): OwnFigures {
    return ownFigures({ process: this.#read(), liveBytes: this.#liveBytes }, this.#before);
  }
}
