import { type Static, Type } from 'typebox';
import type { Notifier } from './matrix.ts';
import { BUFFER_PROBES } from './probes/buffers.ts';
import { CONNECTION_PROBES } from './probes/connections.ts';
import { ENDING_PROBES } from './probes/endings.ts';
import { FILE_PROBES } from './probes/files.ts';
import { NOTICE_PROBES } from './probes/notices.ts';
import { PENDING_PROBES } from './probes/pending.ts';
import { READINESS_PROBES } from './probes/readiness.ts';

const closed = { additionalProperties: false } as const;

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

/** All probes, in the order of the issue and of the documentation. */
export const PROBES: readonly Probe[] = [
  ...PENDING_PROBES,
  ...NOTICE_PROBES,
  ...BUFFER_PROBES,
  ...READINESS_PROBES,
  ...CONNECTION_PROBES,
  ...ENDING_PROBES,
  ...FILE_PROBES,
];

export const PROBE_NAMES: readonly string[] = PROBES.map(({ name }) => name);

export function findProbe(name: string): Probe | undefined {
  return PROBES.find((probe) => probe.name === name);
}

const ProbeEvidence = Type.Object(
  {
    row: Type.Union([Type.String(), Type.Null()], { description: 'of a table; null: no table' }),
    name: Type.String(),
    what: Type.String(),
    value: Type.Union([Type.Number(), Type.Null()], {
      description: 'null: the platform does not tell, or the probe did not come there',
    }),
    unit: Type.Enum(Object.keys(PROBE_UNITS) as ProbeUnit[]),
  },
  closed,
);
export type ProbeEvidence = Static<typeof ProbeEvidence>;

/** What a probe answers. Who ran it adds the agent and the platform. */
export const ProbeAnswer = Type.Object(
  {
    name: Type.Enum([...PROBE_NAMES]),
    claim: Type.String(),
    source: Type.String({ description: 'the lines of the lecture, and what Windows documents' }),
    outcome: Type.Enum([...PROBE_OUTCOMES]),
    evidence: Type.Array(ProbeEvidence),
    note: Type.String({ description: 'what was not as claimed, or why there is no answer' }),
    elapsedMs: Type.Number({ minimum: 0 }),
  },
  closed,
);
export type ProbeAnswer = Static<typeof ProbeAnswer>;

/** What an experiment itself gives: no words but the note. */
export interface ProbeResult {
  outcome: ProbeOutcome;
  note: string;
  elapsedMs: number;
  figures: readonly { row?: string; name: string; value: number | null }[];
}

/**
 * The answer with the words of the catalogue. Every figure of the probe is in it; one that was not
 * measured is null. A figure that the catalogue does not know is an error of the program.
 */
export function probeAnswer(probe: Probe, result: ProbeResult): ProbeAnswer {
  const left = new Map(
    result.figures.map(({ row, name, value }) => [`${row ?? ''}/${name}`, value]),
  );
  const evidence: ProbeEvidence[] = (probe.rows ?? [null]).flatMap((row) =>
    probe.figures.map(({ name, what, unit }) => {
      const key = `${row ?? ''}/${name}`;
      const value = left.get(key) ?? null;
      left.delete(key);
      return { row, name, what, value, unit };
    }),
  );
  if (left.size > 0) {
    throw new Error(`probe ${probe.name}: figures without a unit: ${[...left.keys()].join(', ')}`);
  }
  const { outcome, note, elapsedMs } = result;
  const { name, claim } = probe;
  return { name, claim, source: probeSource(probe), outcome, evidence, note, elapsedMs };
}

/** An answer of a probe that could not end by itself: its process was ended, or died. */
export function inconclusiveAnswer(probe: Probe, note: string, elapsedMs: number): ProbeAnswer {
  return probeAnswer(probe, { outcome: 'inconclusive', note, elapsedMs, figures: [] });
}

/** An answer of an agent that cannot try the probe. */
export function unsupportedAnswer(probe: Probe, note: string): ProbeAnswer {
  return probeAnswer(probe, { outcome: 'unsupported', note, elapsedMs: 0, figures: [] });
}

/** `line 44`, `lines 18–24`. */
export function linesText(lines: string): string {
  return `${/^\d+$/.test(lines) ? 'line' : 'lines'} ${lines}`;
}

function probeSource({ lecture, windows }: Probe): string {
  const taught = lecture === null ? 'not in the lecture' : `lecture, ${linesText(lecture.lines)}`;
  return `${taught}; ${windows.source}`;
}
