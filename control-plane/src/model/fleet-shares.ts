import type { SoakSpec } from '@oversoak/contracts';

/** Splits `total` into `parts` integers that differ by at most one. */
export function split(total: number, parts: number): number[] {
  const least = Math.floor(total / parts);
  const more = total % parts;
  return Array.from({ length: parts }, (_, index) => least + (index < more ? 1 : 0));
}

type Split = {
  fleet: Pick<SoakSpec['fleet'], 'agents'>;
  workload: Pick<SoakSpec['workload'], 'zones'>;
};

/**
 * The sessions of each fleet of a gang. A zone is never split over two fleets: only then one clock
 * measures a delivery from its origin to each member.
 */
export function fleetShares(sessions: number, { fleet, workload: { zones } }: Split): number[] {
  if (zones === undefined) return split(sessions, fleet.agents);
  const { size } = zones;
  return split(sessions / size, fleet.agents).map((count) => count * size);
}
