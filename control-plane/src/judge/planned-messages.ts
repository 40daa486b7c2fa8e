import type { Threshold } from '@oversoak/contracts';
import type { Planned } from './metric.ts';
import { countText } from './text.ts';

/** Why fewer messages will be due than a threshold needs; null: enough, or not known beforehand. */
export function whyTooFew(
  { metric, everySeconds }: Pick<Threshold, 'metric' | 'everySeconds'>,
  needed: number,
  things: 'messages' | 'echoes',
  { measureSeconds, ratePerSecond }: Planned,
): string | null {
  const seconds = everySeconds ?? measureSeconds;
  if (ratePerSecond === null || ratePerSecond * seconds >= needed) return null;
  const [what, field] =
    everySeconds === null ? ['', 'phases.measureSeconds'] : [' in each window', '"every"'];
  const needs = `"${metric}" needs ${countText(needed)} ${things}${what}`;
  return `${needs}: ${dueText(ratePerSecond, field, seconds)}`;
}

/** "workload.ratePerSecond 10 × phases.measureSeconds 6 = 60 are due" */
export function dueText(ratePerSecond: number, field: string, seconds: number): string {
  const due = countText(Math.floor(ratePerSecond * seconds));
  return `workload.ratePerSecond ${ratePerSecond} × ${field} ${seconds} = ${due} are due`;
}
