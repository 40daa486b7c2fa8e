import type { Verdict } from '@oversoak/contracts';

/** Worst first. */
const BY_WEIGHT: readonly Verdict[] = ['failed', 'inconclusive', 'cancelled', 'passed'];

/** For sorting, the worst first. */
export function byWeight(a: Verdict, b: Verdict): number {
  return BY_WEIGHT.indexOf(a) - BY_WEIGHT.indexOf(b);
}

/** The worst verdict; null: the list is empty. */
export function worst(verdicts: readonly Verdict[]): Verdict | null {
  return BY_WEIGHT.find((verdict) => verdicts.includes(verdict)) ?? null;
}
