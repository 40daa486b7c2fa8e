import type { Soak } from '@oversoak/contracts';

export const FILTERS = [
  'all',
  'not done',
  'passed',
  'failed',
  'inconclusive',
  'cancelled',
] as const;
export type Filter = (typeof FILTERS)[number];

/** Pure: the soaks of a page with that verdict whose name or id has the text in it. */
export function filterSoaks<S extends Pick<Soak, 'soakId' | 'name' | 'state' | 'verdict'>>(
  soaks: readonly S[],
  filter: Filter,
  text: string,
): S[] {
  const wanted = text.trim().toLowerCase();
  const isOfKind = ({ state, verdict }: S) =>
    filter === 'all' || (filter === 'not done' ? state !== 'done' : verdict === filter);
  return soaks.filter(
    (soak) => isOfKind(soak) && `${soak.name} ${soak.soakId}`.toLowerCase().includes(wanted),
  );
}
