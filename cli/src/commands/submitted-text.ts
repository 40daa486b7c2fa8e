import type { Soak } from '@oversoak/contracts';
import { planOf, planText } from '../spec/plan.ts';

export function submittedText(soak: Pick<Soak, 'soakId' | 'spec' | 'against' | 'runs'>): string {
  return `Submitted ${soak.soakId}: ${planText(planOf(soak))}.`;
}
