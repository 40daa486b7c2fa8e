import type { ComparedCell } from '@oversoak/contracts';

/** Queue and lock of one notifier at one number of sessions, under each of its layouts. */
export interface LayoutGroup {
  label: string;
  cells: ComparedCell[];
}

/** Pure: cells that differ in their layout alone, side by side; groups of one are left out. */
export function layoutGroups(cells: readonly ComparedCell[]): LayoutGroup[] {
  const groups = new Map<string, ComparedCell[]>();
  for (const compared of cells) {
    const { notifier, layout, sessions, containerLock, contentQueue, side } = compared.cell;
    if (layout === null) continue;
    const parts = [notifier, `${sessions} sessions`, containerLock, contentQueue, side];
    const label = parts.filter((part) => part !== undefined).join(', ');
    groups.set(label, [...(groups.get(label) ?? []), compared]);
  }
  return [...groups]
    .map(([label, group]) => ({ label, cells: group }))
    .filter((group) => group.cells.length > 1);
}
