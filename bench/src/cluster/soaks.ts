import { randomLcg } from 'd3-random';

/** The parts of a spec that the bench varies; a template has the rest. */
export interface BenchSoak {
  name: string;
  repeats: number;
  fleetAgents: number;
  priority: number;
  /** Label that its agents must have; null: any agents. */
  site: string | null;
}

const MAX_REPEATS = 8;
const MAX_FLEET_AGENTS = 8;
const PRIORITIES = 10;

/** Agents of the largest run: those of its fleet, and its server's. A smaller cluster refuses it. */
export const LARGEST_GANG = MAX_FLEET_AGENTS + 1;

/** Soaks with mixed gangs and priorities and `runs` runs in total; deterministic. */
export function benchSoaks(runs: number, sites: readonly string[]): BenchSoak[] {
  const uniform = randomLcg(1);
  const below = (n: number) => Math.floor(n * uniform());
  const soaks: BenchSoak[] = [];
  for (let left = runs; left > 0; ) {
    const repeats = Math.min(left, 1 + below(MAX_REPEATS));
    soaks.push({
      name: `bench-${soaks.length}`,
      repeats,
      fleetAgents: 1 + below(MAX_FLEET_AGENTS),
      priority: below(PRIORITIES),
      site: below(2) === 0 ? null : (sites[below(sites.length)] ?? null),
    });
    left -= repeats;
  }
  return soaks;
}

/** The spec as submitted. The dry server reports ten accepts, so ten sessions balance. */
export function specOf(
  { name, repeats, fleetAgents, priority, site }: BenchSoak,
  measureSeconds = 1,
): object {
  return {
    name,
    matrix: { notifier: ['iocp'], sessions: [10] },
    workload: { ratePerSecond: 200 },
    fleet: { agents: fleetAgents },
    phases: { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds, drainSeconds: 0 },
    repeats,
    priority,
    ...(site === null ? {} : { placement: { server: { site }, fleet: { site } } }),
  };
}
