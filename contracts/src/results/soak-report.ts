import { type Static, Type } from 'typebox';
import { ErrorEvidence } from '../figures/error-evidence.ts';
import { Evidence } from '../figures/evidence.ts';
import { Comparison, MeanStages } from './comparison.ts';
import { Soak } from './run.ts';

const closed = { additionalProperties: false } as const;
const Column = (description: string) => Type.Array(Type.Number(), { description });
const Gaps = (description: string) =>
  Type.Array(Type.Union([Type.Number(), Type.Null()]), { description });

/** Latency by percentile, from the intended send time, over all repeats of a cell. */
const PercentileCurve = Type.Object(
  {
    oneIn: Column('1/(1 − p), ascending from 1: one echo in so many was slower; last: all of them'),
    us: Column('latency at that percentile'),
  },
  closed,
);
export type PercentileCurve = Static<typeof PercentileCurve>;

const ReportedCell = Type.Object(
  {
    key: Type.String({ description: 'key of the cell, as in the comparison' }),
    latency: PercentileCurve,
    typical: Type.Union([MeanStages, Type.Null()], {
      description: 'stages of echoes as fast as the median; null where the protocol has no stamps',
    }),
  },
  closed,
);
export type ReportedCell = Static<typeof ReportedCell>;

/** The measurement of a run against time: columns of the same length, a point each. */
const Timeline = Type.Object(
  {
    startSeconds: Column('since the measurement began'),
    endSeconds: Column('since the measurement began'),
    dueRate: Column('messages per second'),
    sentRate: Column('messages per second'),
    echoRate: Column('messages per second'),
    p50Us: Gaps('of the messages due in it; null: no echo'),
    p99Us: Gaps('null: no echo'),
    p999Us: Gaps('null: no echo'),
    errors: Column('of every class'),
    sessions: Gaps('live at its end, as the server counts; null: a target'),
    workingSetBytes: Gaps('that the server added, at its end; null: not known'),
    queueDepthMean: Gaps('messages that waited for a content; null: none'),
  },
  closed,
);
export type Timeline = Static<typeof Timeline>;

const ReportedRun = Type.Object(
  {
    runId: Type.String(),
    key: Type.String({ description: 'key of the cell' }),
    repeat: Type.Integer({ minimum: 1 }),
    evidence: Type.Union([Evidence, Type.Null()]),
    notes: Type.Array(Type.String(), { description: 'failures that were reported in the run' }),
    firstErrors: Type.Array(ErrorEvidence, {
      description: 'the first errors of each class of its server and each of its fleets',
    }),
    timeline: Type.Union([Timeline, Type.Null()], { description: 'null: it left no result' }),
  },
  closed,
);
export type ReportedRun = Static<typeof ReportedRun>;

/** All that is shown of a soak, small enough for a page: runs that are done. */
export const SoakReport = Type.Object(
  {
    soak: Soak,
    comparison: Comparison,
    cells: Type.Array(ReportedCell),
    runs: Type.Array(ReportedRun),
    writtenAtMs: Type.Integer({ description: 'Redis time' }),
  },
  closed,
);
export type SoakReport = Static<typeof SoakReport>;
