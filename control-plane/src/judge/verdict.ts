import type { Verdict } from '@oversoak/contracts';

/** From the worst. */
const BY_WEIGHT: readonly Verdict[] = ['failed', 'inconclusive', 'cancelled', 'passed'];

/** The worst of them; null when there is none. */
export function worst(verdicts: readonly Verdict[]): Verdict | null {
  return BY_WEIGHT.find((verdict) => verdicts.includes(verdict)) ?? null;
}
