import {
  type AgentProbes,
  findProbe,
  type ListedAgent,
  type ProbeAnswer,
  type ProbePlatform,
  type ProbeResult,
  probeAnswer,
} from '@oversoak/contracts';

/** What one run of the whole set gave on one platform: numbers, and none of the catalogue's words. */
export interface ClaimFigures {
  platform: ProbePlatform;
  /** `2026-11-24`, UTC. */
  date: string;
  cores: number;
  addonVersion: string;
  /** From asking to the last answer. */
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

/** The answers with the catalogue's words. A figure that it does not know is an error. */
export function answersOf({ results }: ClaimFigures): ProbeAnswer[] {
  return results.map(({ name, ...result }) => {
    const probe = findProbe(name);
    if (probe === undefined) throw new Error(`the catalogue has no probe "${name}"`);
    return probeAnswer(probe, result);
  });
}

/** Of each platform the newest: what was seen elsewhere stays. */
export function withFigures(all: readonly ClaimFigures[], taken: ClaimFigures): ClaimFigures[] {
  const others = all.filter(({ platform }) => platform.system !== taken.platform.system);
  return [...others, taken].toSorted((a, b) => (a.platform.system < b.platform.system ? 1 : -1));
}

/** More places say nothing, and change with every run. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
