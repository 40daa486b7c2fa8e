import { platformLabel, type RunResult } from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';

/**
 * The labels of the systems that a run's figures come from, sorted. Where server and fleet ran on
 * different ones, each label says whose it is: the figures of a Windows server under Wine stay
 * Wine's when a native Linux fleet took them.
 */
export function platformsOf({
  run,
  environments,
}: Pick<RunResult, 'run' | 'environments'>): string[] {
  const members = run.gang.flatMap(({ agentId, role }) => {
    const environment = environments[agentId];
    return environment === undefined ? [] : [{ role, label: platformLabel(environment) }];
  });
  const labels = distinct(members.map(({ label }) => label));
  if (labels.length < 2) return labels;
  return distinct(members.map(({ role, label }) => `${role}: ${label}`)).sort();
}
