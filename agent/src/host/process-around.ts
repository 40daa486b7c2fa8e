import type { OwnFigures, ProcessFigures } from '@oversoak/contracts';
import type { Engine } from './engine.ts';
import type { Javascript } from './javascript.ts';

/** Minimum time between two garbage collections; a short window may therefore contain none. */
const COLLECT_EVERY_MS = 10_000;
/** Tolerance for timers that fire a little early at the end of a window. */
const EARLY_MS = 500;

/** Figures of a host process, with the memory that was unused at the last collection. */
export interface Moment {
  process: ProcessFigures;
  /** Bytes of live JavaScript objects. */
  liveBytes: number;
  /** Bytes of holes in the engine's heap. */
  holeBytes: number;
}

function gained(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}

/** Pure: what the process gained since `before`, without JavaScript's share. */
export function ownFigures(now: Moment, before: Moment): OwnFigures {
  // Holes in the addon's heap hold nothing; a leak that fills them must still show.
  const holes = now.holeBytes - before.holeBytes;
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
 * Separates a server's memory, handles and threads from those of its host process. Create it just
 * before the server. It collects garbage so that JavaScript takes no new pages, and subtracts live
 * objects (a run's windows). Alternatives that failed: docs/decisions/server-memory.md.
 */
export class ProcessAround {
  readonly #javascript: Javascript;
  readonly #engine: Pick<Engine, 'processFigures' | 'heapFreeBytes'>;
  readonly #before: Moment;
  #collectedAtMs: number;
  #liveBytes: number;
  /**
   * Counting holes blocks the server briefly, so it happens together with a collection. Undefined
   * until the first count after the start.
   */
  #holeBytes: number | undefined;

  constructor(
    javascript: Javascript,
    engine: Pick<Engine, 'processFigures' | 'heapFreeBytes'>,
    nowMs: number,
  ) {
    this.#javascript = javascript;
    this.#engine = engine;
    this.#collectedAtMs = nowMs;
    const liveBytes = javascript.collect();
    this.#liveBytes = liveBytes;
    this.#before = {
      process: engine.processFigures(),
      liveBytes,
      holeBytes: engine.heapFreeBytes(),
    };
  }

  /** Called between two windows, so that the JavaScript pause falls into neither. */
  settle(nowMs: number): void {
    if (nowMs - this.#collectedAtMs < COLLECT_EVERY_MS - EARLY_MS) return;
    this.#collectedAtMs = nowMs;
    this.#liveBytes = this.#javascript.collect();
    this.#holeBytes = this.#engine.heapFreeBytes();
  }

  /** The server's figures at this moment. */
  own(): OwnFigures {
    this.#holeBytes ??= this.#engine.heapFreeBytes();
    const [liveBytes, holeBytes] = [this.#liveBytes, this.#holeBytes];
    return ownFigures(
      { process: this.#engine.processFigures(), liveBytes, holeBytes },
      this.#before,
    );
  }
}
