import type { Notifier } from '../options/matrix.ts';

/** The unit of a probe's figure, and its meaning. */
export const PROBE_UNITS = {
  us: 'microseconds',
  ms: 'milliseconds',
  bytes: 'bytes',
  count: 'a number of things',
  perSecond: 'a number of things each second',
  code: 'an error code, status or return value of Windows; an error code of 0 is success',
  yes: '1: yes, 0: no',
} as const;
export type ProbeUnit = keyof typeof PROBE_UNITS;

export const PROBE_OUTCOMES = ['holds', 'does-not-hold', 'unsupported', 'inconclusive'] as const;
export type ProbeOutcome = (typeof PROBE_OUTCOMES)[number];

/** A number that a probe measures; the native part reports it by name. */
export interface ProbeFigure {
  /** The unit is the last word. */
  name: string;
  unit: ProbeUnit;
  what: string;
  /** Why the figure may be null although the probe finished. */
  mayBeNull?: string;
}

/**
 * A claim and how it is tested; this is its only declaration. The native part has an experiment of
 * the same name, which returns an outcome and figures.
 */
export interface Probe {
  name: string;
  /** The name of the native source file, as words. */
  family: string;
  claim: string;
  /** Where the lecture makes the claim, in English; null if it does not cover it. */
  lecture: { lines: string; says: string } | null;
  /** What the lecture got wrong. */
  correction?: string;
  windows: { says: string; source: string };
  does: string;
  /** Short and light enough to run at every registration of an agent. */
  quick: boolean;
  /** After this time the process is killed and the answer is inconclusive. */
  deadlineSeconds: number;
  /** Notifiers that depend on the claim; they cannot be trusted where it does not hold. */
  notifiers: readonly Notifier[];
  /** For a table: every row has all figures. */
  rows?: readonly string[];
  figures: readonly ProbeFigure[];
}
