import type { Cell, SoakSpec } from '@oversoak/contracts';

/** One run to be: a cell and which of its repeats. */
export interface PlannedRun {
  index: number;
  cell: Cell;
  /** Counted from 1. */
  repeat: number;
}

/** The product of the matrix's lists, the last list varying fastest. */
export function cellsOf(matrix: SoakSpec['matrix']): Cell[] {
  return matrix.notifier.flatMap((notifier) =>
    matrix.layout.flatMap((layout) =>
      matrix.sessions.map((sessions) => ({ notifier, layout, sessions })),
    ),
  );
}

/** Repeats interleaved (A B C, A B C), so that a drift of the machine meets every cell alike. */
export function expand(spec: Pick<SoakSpec, 'matrix' | 'repeats'>): PlannedRun[] {
  const cells = cellsOf(spec.matrix);
  return Array.from({ length: spec.repeats }, (_, round) =>
    cells.map((cell, index) => ({
      index: round * cells.length + index,
      cell,
      repeat: round + 1,
    })),
  ).flat();
}
