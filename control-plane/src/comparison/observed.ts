import { platformLabel, type RunResult } from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import { type Observations, observe } from './observations.ts';

/** What is compared of one run. */
export interface ObservedRun {
  repeat: number;
  /** Who did what on which platform; runs with the same text ran on the same gang. */
  gang: string;
  platform: string[];
  observations: Observations;
}

/** The gang without its platform, which only a result tells. */
export function membersText(gang: RunResult['run']['gang']): string {
  return gang
    .map(({ agentId, role }) => `${role} ${agentId}`)
    .sort()
    .join(', ');
}

export async function observedRun(result: RunResult, windowSeconds: number): Promise<ObservedRun> {
  const { run, environments } = result;
  const platform = distinct(Object.values(environments).map(platformLabel)).sort();
  return {
    repeat: run.repeat,
    gang: `${membersText(run.gang)} (${platform.join(', ')})`,
    platform,
    observations: await observe(result, windowSeconds),
  };
}
