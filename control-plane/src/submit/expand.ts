import {
  type Cell,
  type ContainerLock,
  type ContentQueue,
  cellKey,
  type Layout,
  type PinnedBaseline,
  type SoakSpec,
} from '@oversoak/contracts';

/** A planned run: a cell and the number of its repeat. */
export interface PlannedRun {
  index: number;
  cell: Cell;
  /** Counted from 1. */
  repeat: number;
}

type Expanded = Pick<SoakSpec, 'matrix' | 'target'>;
type Routing = Pick<Cell, 'containerLock' | 'contentQueue'>;

/** Default of a matrix without layouts. */
const DEFAULT_LAYOUTS: Layout[] = ['homo'];

/** Empty for a target. */
export function layoutsOf({ matrix, target }: Pick<SoakSpec, 'matrix' | 'target'>): Layout[] {
  return target === undefined ? (matrix.layout ?? DEFAULT_LAYOUTS) : [];
}

/** The locks and queues of a layout; homo has none, because it neither looks up nor routes. */
function routingsOf(layout: Layout, { containerLock, contentQueue }: SoakSpec['matrix']) {
  if (layout === 'homo') return [{}];
  const locks: (ContainerLock | undefined)[] = containerLock ?? [undefined];
  const queues: (ContentQueue | undefined)[] = contentQueue ?? [undefined];
  return locks.flatMap((lock) =>
    queues.map(
      (queue): Routing => ({
        ...(lock === undefined ? {} : { containerLock: lock }),
        ...(queue === undefined ? {} : { contentQueue: queue }),
      }),
    ),
  );
}

/** The product of the matrix's lists, sessions varying fastest. */
export function cellsOf(spec: Expanded): Cell[] {
  const { notifier: notifiers = [], sessions: counts } = spec.matrix;
  if (spec.target !== undefined) {
    return counts.map((sessions) => ({ notifier: null, layout: null, sessions }));
  }
  return notifiers.flatMap((notifier) =>
    layoutsOf(spec).flatMap((layout) =>
      routingsOf(layout, spec.matrix).flatMap((routing) =>
        counts.map((sessions) => ({ notifier, layout, sessions, ...routing })),
      ),
    ),
  );
}

/** The sources of a soak's runs: its spec and the baseline it is compared with, if any. */
export interface Expandable {
  spec: Expanded & Pick<SoakSpec, 'repeats'>;
  against?: PinnedBaseline | undefined;
}

/** A soak's cells in order; the baseline's cell with the same key precedes each own cell. */
export function soakCells({ spec, against }: Expandable): Cell[] {
  const pinned = against === undefined ? [] : cellsOf(against.spec);
  return cellsOf(spec).flatMap((cell) => {
    const like = pinned.find((other) => cellKey(other) === cellKey(cell));
    return like === undefined ? [cell] : [{ ...like, side: 'baseline' as const }, cell];
  });
}

/**
 * Interleaves repeats, every second one in reverse (A B C, C B A): neither a machine that gets slower
 * nor one that is slow every other time can favour a cell.
 */
export function expand(of: Expandable): PlannedRun[] {
  const cells = soakCells(of);
  return Array.from({ length: of.spec.repeats }, (_, round) =>
    (round % 2 === 0 ? cells : cells.toReversed()).map((cell, index) => ({
      index: round * cells.length + index,
      cell,
      repeat: round + 1,
    })),
  ).flat();
}
