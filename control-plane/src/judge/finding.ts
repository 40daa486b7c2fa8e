import { type Check, holds, type Threshold } from '@oversoak/contracts';

/** The comparison of a threshold with a measured value. */
export interface Finding {
  outcome: Check['outcome'];
  /** In the threshold's unit; null: no value. */
  value: number | null;
  /** The measured value as text, with its unit. */
  text: string;
  /** Why the outcome is unknown, else empty. */
  why: string;
}

/** A finding with a value, which decides the outcome. */
export const known = (threshold: Threshold, value: number, text: string): Finding => ({
  outcome: holds(threshold, value) ? 'held' : 'missed',
  value,
  text,
  why: '',
});
/** A finding that decides nothing, with the reason. */
export const unknown = (text: string, why: string, value: number | null = null): Finding => ({
  outcome: 'unknown',
  value,
  text,
  why,
});
