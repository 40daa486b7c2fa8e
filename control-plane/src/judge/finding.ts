import { type Check, holds, type Threshold } from '@oversoak/contracts';

/** One comparison of a threshold with a measured value. */
export interface Finding {
  outcome: Check['outcome'];
  /** In the threshold's unit; null: no value. */
  value: number | null;
  text: string;
  why: string;
}

export const known = (threshold: Threshold, value: number, text: string): Finding => ({
  outcome: holds(threshold, value) ? 'held' : 'missed',
  value,
  text,
  why: '',
});
export const unknown = (text: string, why: string, value: number | null = null): Finding => ({
  outcome: 'unknown',
  value,
  text,
  why,
});
