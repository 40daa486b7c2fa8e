import type { Notifier } from '../options/matrix.ts';

/** What a probe's figure is counted in, and how it is read. */
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

/** A number that a probe measures; the native part answers with its name. */
export interface ProbeFigure {
  /** Its unit last. */
  name: string;
  unit: ProbeUnit;
  what: string;
  /** Why it may be null although the probe came to its end. */
  mayBeNull?: string;
}

/**
 * One claim, and how it is tried. This is the one place of it: the native part has the experiment
 * under the same name and answers with an outcome and figures.
 */
export interface Probe {
  name: string;
  /** The native file that has it, as words. */
  family: string;
  claim: string;
  /** Where the lecture says so, in English; null where it does not speak of it. */
  lecture: { lines: string; says: string } | null;
  /** Where the lecture is not right. */
  correction?: string;
  windows: { says: string; source: string };
  does: string;
  /** Short and light enough to be run whenever an agent registers. */
  quick: boolean;
  /** After this its process is ended and the answer is inconclusive. */
  deadlineSeconds: number;
  /** Notifiers that rest on the claim: where it does not hold they are not to be trusted. */
  notifiers: readonly Notifier[];
  /** Of a table: each row has every figure. */
  rows?: readonly string[];
  figures: readonly ProbeFigure[];
}
