import { type Static, Type } from 'typebox';
import { PROBE_NAMES } from './catalogue.ts';
import {
  PROBE_OUTCOMES,
  PROBE_UNITS,
  type Probe,
  type ProbeOutcome,
  type ProbeUnit,
} from './probe.ts';

const closed = { additionalProperties: false } as const;

const ProbeEvidence = Type.Object(
  {
    row: Type.Union([Type.String(), Type.Null()], { description: 'of a table; null: no table' }),
    name: Type.String(),
    what: Type.String(),
    value: Type.Union([Type.Number(), Type.Null()], {
      description: 'null: the platform does not report it, or the probe did not get that far',
    }),
    unit: Type.Enum(Object.keys(PROBE_UNITS) as ProbeUnit[]),
  },
  closed,
);
export type ProbeEvidence = Static<typeof ProbeEvidence>;

/** A probe's answer. The agent that ran it adds its id and platform. */
export const ProbeAnswer = Type.Object(
  {
    name: Type.Enum([...PROBE_NAMES]),
    claim: Type.String(),
    source: Type.String({ description: 'the lines of the lecture, and what Windows documents' }),
    outcome: Type.Enum([...PROBE_OUTCOMES]),
    evidence: Type.Array(ProbeEvidence),
    note: Type.String({ description: 'what differed from the claim, or why there is no answer' }),
    elapsedMs: Type.Number({ minimum: 0 }),
  },
  closed,
);
export type ProbeAnswer = Static<typeof ProbeAnswer>;

/** The result of the native experiment: figures, and no text except the note. */
export interface ProbeResult {
  outcome: ProbeOutcome;
  note: string;
  elapsedMs: number;
  figures: readonly { row?: string; name: string; value: number | null }[];
}

/**
 * Combines a result with the catalogue's texts. The answer contains all figures of the probe, null
 * if not measured.
 * @throws Error for a figure that the catalogue does not have
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

/** The answer for a probe whose process was killed or crashed. */
export function inconclusiveAnswer(probe: Probe, note: string, elapsedMs: number): ProbeAnswer {
  return probeAnswer(probe, { outcome: 'inconclusive', note, elapsedMs, figures: [] });
}

/** The answer for an agent that cannot run the probe. */
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
