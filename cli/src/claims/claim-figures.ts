import {
  type AgentProbes,
  findProbe,
  type ListedAgent,
  type ProbeAnswer,
  type ProbePlatform,
  type ProbeResult,
  probeAnswer,
} from '@oversoak/contracts';

/**
 * The results of one run of all probes on one platform: figures only, without the catalogue's
 * texts.
 */
export interface ClaimFigures {
  platform: ProbePlatform;
  /** UTC date, `2026-11-24`. */
  date: string;
  cores: number;
  addonVersion: string;
  /** From the request to the last answer. */
  tookSeconds: number;
  results: ({ name: string } & ProbeResult)[];
}

export function claimFigures(
  probes: AgentProbes,
  { environment }: Pick<ListedAgent, 'environment'>,
  { atMs, tookSeconds }: { atMs: number; tookSeconds: number },
): ClaimFigures {
  const { addonVersion, capabilities } = environment;
  return {
    platform: probes.platform,
    date: new Date(atMs).toISOString().slice(0, 10),
    cores: capabilities.cores,
    addonVersion,
    tookSeconds: rounded(tookSeconds),
    results: probes.answers.map(({ name, outcome, note, elapsedMs, evidence }) => ({
      name,
      outcome,
      note,
      elapsedMs: rounded(elapsedMs),
      figures: evidence.map(({ row, name: figure, value }) => ({
        ...(row === null ? {} : { row }),
        name: figure,
        value: value === null ? null : rounded(value),
      })),
    })),
  };
}

/**
 * The answers joined with the catalogue's texts.
 * @throws Error for a figure that the catalogue does not have
 */
export function answersOf({ results }: ClaimFigures): ProbeAnswer[] {
  return results.map(({ name, ...result }) => {
    const probe = findProbe(name);
    if (probe === undefined) throw new Error(`the catalogue has no probe "${name}"`);
    return probeAnswer(probe, result);
  });
}

/**
 * The latest figures of each platform: `taken` replaces those of its platform and the others stay.
 */
export function withFigures(all: readonly ClaimFigures[], taken: ClaimFigures): ClaimFigures[] {
  const others = all.filter(({ platform }) => platform.system !== taken.platform.system);
  return [...others, taken].toSorted((a, b) => (a.platform.system < b.platform.system ? 1 : -1));
}

/** More digits carry no information and change with every run. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
