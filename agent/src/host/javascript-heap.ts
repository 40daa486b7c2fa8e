import { getHeapStatistics } from 'node:v8';

/** The heap that JavaScript has in this process. */
export interface JavascriptHeap {
  /**
   * Collects, which blocks JavaScript, and nothing else, for 10 to 40 ms.
   * Answers the bytes of what lives on.
   */
  collect(): number;
}

/** The flags that a process needs whose heap is to be collected. */
export const HEAP_FLAGS = ['--expose-gc'];

/** V8's. @throws Error in a process that was started without `HEAP_FLAGS`. */
export function v8Heap(): JavascriptHeap {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error(`a host needs ${HEAP_FLAGS.join(' ')}`);
  return {
    collect: () => {
      gc();
      const { used_heap_size, external_memory } = getHeapStatistics();
      return used_heap_size + external_memory;
    },
  };
}
