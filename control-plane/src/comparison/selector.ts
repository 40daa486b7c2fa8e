import { BASELINE_NAME_PATTERN } from '@oversoak/contracts';

/** The selection of one side of a comparison. */
export interface Selector {
  from: { kind: 'soak'; soakId: string } | { kind: 'baseline'; name: string };
  /** Key of a cell; null: every cell. */
  cell: string | null;
}

export const SELECTOR_FORMS = 'SOAK_ID, SOAK_ID/CELL_KEY, baseline:NAME, baseline:NAME/CELL_KEY';

const BASELINE = 'baseline:';

/** null: the text has none of the forms. */
export function parseSelector(text: string): Selector | null {
  const slash = text.indexOf('/');
  const whose = slash === -1 ? text : text.slice(0, slash);
  const cell = slash === -1 ? null : text.slice(slash + 1);
  if (cell === '') return null;
  if (whose.startsWith(BASELINE)) {
    const name = whose.slice(BASELINE.length);
    if (!new RegExp(BASELINE_NAME_PATTERN).test(name)) return null;
    return { from: { kind: 'baseline', name }, cell };
  }
  return /^[\w-]+$/.test(whose) ? { from: { kind: 'soak', soakId: whose }, cell } : null;
}

/** Pairs of cell keys to compare, and the keys without a counterpart. */
export interface MatchedCells {
  pairs: { left: string; right: string }[];
  unmatched: string[];
}

/**
 * Pairs cells of two soaks by key. A cell named by a side is compared with every cell of the other
 * side, or with the cell that the other side names.
 */
export function matchCells(
  left: { keys: readonly string[]; cell: string | null },
  right: { keys: readonly string[]; cell: string | null },
): MatchedCells {
  if (left.cell === null && right.cell === null) {
    const both = left.keys.filter((key) => right.keys.includes(key));
    const unmatched = [...left.keys, ...right.keys].filter((key) => !both.includes(key));
    return { pairs: both.map((key) => ({ left: key, right: key })), unmatched };
  }
  const chosen = ({ keys, cell }: typeof left) => (cell === null ? keys : [cell]);
  const pairs = chosen(left).flatMap((l) => chosen(right).map((r) => ({ left: l, right: r })));
  return { pairs, unmatched: [] };
}
