/** Notification models that the native server has: how it learns that an IO finished. */
export const NOTIFIERS = ['iocp', 'completion-routine', 'event'] as const;
export type Notifier = (typeof NOTIFIERS)[number];

/** Thread layouts that the native server has: which thread does what. */
export const LAYOUTS = ['homo'] as const;
export type Layout = (typeof LAYOUTS)[number];

/**
 * The one table of valid pairs. Submission refuses what is not in it, the addon refuses the same,
 * and the native suite loops over all of it.
 */
export const VALID_PAIRS: readonly { notifier: Notifier; layout: Layout }[] = NOTIFIERS.flatMap(
  (notifier) => LAYOUTS.map((layout) => ({ notifier, layout })),
);

export function isValidPair(notifier: string, layout: string): boolean {
  return VALID_PAIRS.some((pair) => pair.notifier === notifier && pair.layout === layout);
}

/** One point of a soak's matrix. */
export interface Cell {
  notifier: Notifier;
  layout: Layout;
  /** Client sessions of the whole fleet. */
  sessions: number;
}

/** The cell's name in URLs, tables and files, e.g. `iocp.homo.100`. */
export function cellKey(cell: Cell): string {
  return `${cell.notifier}.${cell.layout}.${cell.sessions}`;
}
