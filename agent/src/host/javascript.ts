import { getHeapStatistics } from 'node:v8';

/** The memory of this process's JavaScript engine. */
export interface Javascript {
  /**
   * Collects garbage and returns the bytes of the objects that survive. Blocks JavaScript, and only
   * JavaScript, for 10 to 40 ms.
   */
  collect(): number;
  /**
   * The same, and gives free pages back to the system at once: `collect` keeps 13 to 30 MB of a start,
   * and gives them back some seconds later. Not to be repeated: the pages that are taken afterwards
   * have other addresses, and each time Wine keeps 40 KB for them.
   */
  shrink(): number;
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
  const live = () => getHeapStatistics().used_heap_size;
  return {
    collect: () => {
      gc();
      return live();
    },
    shrink: () => {
      gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
      return live();
    },
  };
}
