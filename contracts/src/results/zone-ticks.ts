import type { ComparedZones } from './comparison.ts';

/** Whether a server had ticks to send to its zones: views show their figures only then. */
export function hasTicks({
  ticks,
  ticksSkipped,
}: Pick<ComparedZones, 'ticks' | 'ticksSkipped'>): boolean {
  return ticks + ticksSkipped > 0;
}
