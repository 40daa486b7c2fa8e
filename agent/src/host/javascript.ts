import { getHeapStatistics } from 'node:v8';

/** JavaScript's engine in this process, as far as its memory goes. */
export interface Javascript {
  /**
   * Collects, which blocks JavaScript, and nothing else, for 10 to 40 ms.
   * Answers the bytes of what lives on.
   */
  collect(): number;
}

/** The flags that a process needs whose garbage is to be collected. */
export const HOST_FLAGS = ['--expose-gc'];

/** V8. @throws Error in a process that was started without `HOST_FLAGS`. */
export function v8(): Javascript {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error(`a host needs ${HOST_FLAGS.join(' ')}`);
  return {
    collect: () => {
      gc();
      return getHeapStatistics().used_heap_size;
    },
  };
}
