import type { OwnFigures, ProcessFigures } from '@oversoak/contracts';
import type { Engine } from './engine.ts';
import type { Javascript } from './javascript.ts';

/** JavaScript's garbage is collected this often at the most, and so not in every short window. */
const COLLECT_EVERY_MS = 10_000;
/** Windows end by a timer, which may be a little early. */
const EARLY_MS = 500;

/** A host's figures, and what it held for nobody's use at the last collection. */
export interface Moment {
  process: ProcessFigures;
  /** Of JavaScript's, alive. */
  liveBytes: number;
  /** Of the engine's heap, holes. */
  holeBytes: number;
}

function gained(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}

/** Pure: what came into the process since `before`, and is not JavaScript's. */
export function ownFigures(now: Moment, before: Moment): OwnFigures {
  // A hole in the addon's heap is what the next leak goes into unseen: it holds nothing.
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
 * Tells a server's memory, handles and threads from those of the process around it: made just before
 * the server is. Garbage is collected, so that it takes no new pages; what lives (a run's windows)
 * is counted and left out. Why not otherwise: docs/decisions/server-memory.md.
 */
export class ProcessAround {
  readonly #javascript: Javascript;
  readonly #engine: Pick<Engine, 'processFigures' | 'heapFreeBytes'>;
  readonly #before: Moment;
  #collectedAtMs: number;
  #liveBytes: number;
  /** Their count holds up the server, so that it is taken with a collection; none since the start. */
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

  /** Called between two windows, where a pause of JavaScript is in neither. */
  settle(nowMs: number): void {
    if (nowMs - this.#collectedAtMs < COLLECT_EVERY_MS - EARLY_MS) return;
    this.#collectedAtMs = nowMs;
    this.#liveBytes = this.#javascript.collect();
    this.#holeBytes = this.#engine.heapFreeBytes();
  }

  /** As it is now. */
  own(): OwnFigures {
    this.#holeBytes ??= this.#engine.heapFreeBytes();
    const [liveBytes, holeBytes] = [this.#liveBytes, this.#holeBytes];
    return ownFigures(
      { process: this.#engine.processFigures(), liveBytes, holeBytes },
      this.#before,
    );
  }
}
