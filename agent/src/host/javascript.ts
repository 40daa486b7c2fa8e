import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** JavaScript's engine in this process, as far as its memory goes. */
export interface Javascript {
  /** Compiles nothing from here on, which would take memory for as long as a run lasts. */
  interpret(): void;
  /**
   * Collects, which blocks JavaScript, and nothing else, for 10 to 40 ms.
   * Answers the bytes of what lives on.
   */
  collect(): number;
}

/** The flags that a process needs whose garbage is to be collected. */
export const HOST_FLAGS = ['--expose-gc'];

/** Tiers of V8's compiler. What is called once a second climbs through them for an hour. */
const COMPILERS = ['sparkplug', 'maglev', 'opt'];

/** V8. @throws Error in a process that was started without `HOST_FLAGS`. */
export function v8(): Javascript {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error(`a host needs ${HOST_FLAGS.join(' ')}`);
  return {
    interpret: () => {
      for (const tier of COMPILERS) setFlagsFromString(`--no-${tier}`);
    },
    collect: () => {
      gc();
      return getHeapStatistics().used_heap_size;
    },
  };
}
