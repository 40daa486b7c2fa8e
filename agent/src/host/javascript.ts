import { getHeapStatistics } from 'node:v8';

/** The memory of this process's JavaScript engine. */
export interface Javascript {
  /**
   * Collects garbage and returns the bytes of the objects that survive. Blocks JavaScript, and only
   * JavaScript, for 10 to 40 ms.
   */
  collect(): number;
}

/** The Node.js flags that a host process needs for explicit garbage collection. */
export const HOST_FLAGS = ['--expose-gc'];

/**
 * V8's heap.
 * @throws Error in a process that was started without `HOST_FLAGS`
 */
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
