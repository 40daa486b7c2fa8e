import type { OwnFigures, ProcessFigures } from '@oversoak/contracts';
import type { HeapHoles } from '@oversoak/native-server';
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
  /** In the engine's heap. */
  holes: HeapHoles;
}

function gained(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}

/** Pure: what the process gained since `before`, without JavaScript's share. */
export function ownFigures(now: Moment, before: Moment): OwnFigures {
  const live = now.liveBytes - before.liveBytes;
  // Holes in the addon's heap hold nothing; a leak that fills them must still show.
  const memory = (figure: 'workingSetBytes' | 'privateBytes', holes: keyof HeapHoles) => {
    const bytes = gained(now.process[figure], before.process[figure]);
    return bytes === null ? null : bytes - live - (now.holes[holes] - before.holes[holes]);
  };
  return {
    workingSetBytes: memory('workingSetBytes', 'residentBytes'),
    privateBytes: memory('privateBytes', 'committedBytes'),
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
  readonly #engine: Pick<Engine, 'processFigures' | 'heapHoles'>;
  readonly #before: Moment;
  #collectedAtMs: number;
  #liveBytes: number;
  /**
   * Counting holes blocks the server briefly, so it happens together with a collection. Undefined
   * until the first count after the start.
   */
  #holes: HeapHoles | undefined;

  constructor(
    javascript: Javascript,
    engine: Pick<Engine, 'processFigures' | 'heapHoles'>,
    nowMs: number,
  ) {
    this.#javascript = javascript;
    this.#engine = engine;
    this.#collectedAtMs = nowMs;
    const liveBytes = javascript.shrink();
    this.#liveBytes = liveBytes;
    this.#before = {
      process: engine.processFigures(),
      liveBytes,
      holes: engine.heapHoles(),
    };
  }

  /** Called between two windows, so that the JavaScript pause falls into neither. */
  settle(nowMs: number): void {
    if (nowMs - this.#collectedAtMs < COLLECT_EVERY_MS - EARLY_MS) return;
    this.#collectedAtMs = nowMs;
    this.#liveBytes = this.#javascript.collect();
    this.#holes = this.#engine.heapHoles();
  }

  /** The server's figures at this moment. */
  own(): OwnFigures {
    this.#holes ??= this.#engine.heapHoles();
    const [liveBytes, holes] = [this.#liveBytes, this.#holes];
    return ownFigures({ process: this.#engine.processFigures(), liveBytes, holes }, this.#before);
  }
}
