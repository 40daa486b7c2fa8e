import { type Static, Type } from 'typebox';
import { AGENT_ID_PATTERN } from '../cluster/agent.ts';
import { FleetResult } from '../cluster/report.ts';
import { PinnedBaseline } from '../spec/against.ts';
import { SoakSpec } from '../spec/soak-spec.ts';
import { Run, RunResult } from './run.ts';

const closed = { additionalProperties: false } as const;

/** Incremented when a reader of older files could not read newer ones. */
export const SOAK_FILE_VERSION = 2;

/** The first line of an exported soak, which is gzipped NDJSON: one JSON text per line. */
export const SoakFileHead = Type.Object(
  {
    kind: Type.Literal('soak'),
    format: Type.Literal('oversoak'),
    version: Type.Integer({ minimum: 1 }),
    soakId: Type.String({ pattern: '^soak-[0-9a-z]{26}$' }),
    name: Type.String(),
    createdAtMs: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
    spec: SoakSpec,
    against: Type.Union([PinnedBaseline, Type.Null()]),
    runs: Type.Integer({ minimum: 1, description: 'number of run lines that follow' }),
  },
  closed,
);
export type SoakFileHead = Static<typeof SoakFileHead>;

/** One line per run, in the soak's order. */
export const SoakFileRun = Type.Object(
  {
    kind: Type.Literal('run'),
    run: Run,
    result: RunResult,
    fleetsApart: Type.Optional(
      Type.Array(Type.String({ pattern: AGENT_ID_PATTERN }), {
        maxItems: 64,
        uniqueItems: true,
        description: 'agents whose part of the result is so large that a line each follows',
      }),
    ),
  },
  closed,
);
export type SoakFileRun = Static<typeof SoakFileRun>;

/** Behind its run's line, in the order of `fleetsApart`; since version 2. */
export const SoakFileFleet = Type.Object(
  {
    kind: Type.Literal('fleet'),
    runId: Type.String(),
    agentId: Type.String(),
    result: FleetResult,
  },
  closed,
);
export type SoakFileFleet = Static<typeof SoakFileFleet>;

/** The last line; if it is missing, the file was truncated. */
export const SoakFileEnd = Type.Object(
  {
    kind: Type.Literal('end'),
    sha256: Type.String({ description: 'SHA-256 of all previous lines' }),
  },
  closed,
);
export type SoakFileEnd = Static<typeof SoakFileEnd>;
