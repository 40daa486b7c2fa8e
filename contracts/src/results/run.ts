import { type Static, Type } from 'typebox';
import { Environment } from '../cluster/agent.ts';
import { FleetResult, ServerResult } from '../cluster/report.ts';
import type { ErrorEvidence } from '../figures/error-evidence.ts';
import { Evidence } from '../figures/evidence.ts';
import { CONTAINER_LOCKS, CONTENT_QUEUES, LAYOUTS, NOTIFIERS, SIDES } from '../options/matrix.ts';
import { PinnedBaseline } from '../spec/against.ts';
import { SoakSpec } from '../spec/soak-spec.ts';
import { ROLES } from '../values/role.ts';
import { RUN_STATES, type RunState } from '../values/run-state.ts';

const closed = { additionalProperties: false } as const;

export const VERDICTS = ['passed', 'failed', 'inconclusive', 'cancelled'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const CellSchema = Type.Object(
  {
    notifier: Type.Union([Type.Enum([...NOTIFIERS]), Type.Null()], {
      description: 'null: the server is a target that oversoak did not start',
    }),
    layout: Type.Union([Type.Enum([...LAYOUTS]), Type.Null()]),
    sessions: Type.Integer({ minimum: 1 }),
    containerLock: Type.Optional(Type.Enum([...CONTAINER_LOCKS])),
    contentQueue: Type.Optional(Type.Enum([...CONTENT_QUEUES])),
    side: Type.Optional(
      Type.Enum([...SIDES], {
        description: 'baseline: a cell of the baseline; absent: a cell of the soak itself',
      }),
    ),
  },
  closed,
);

/** Of a run: many more reasons, notes and changes of state than any has. */
const MAX_LINES = 1000;

/** The verdict and its reasons, one line each. */
export const Judgement = Type.Object(
  {
    verdict: Type.Enum([...VERDICTS]),
    reasons: Type.Array(Type.String(), { maxItems: MAX_LINES }),
    loadSound: Type.Boolean({
      description:
        'the run measured the requested load as planned: its figures may be compared, ' +
        'whether or not every threshold could be decided',
    }),
  },
  closed,
);
export type Judgement = Static<typeof Judgement>;

/** A run in the API. */
export const Run = Type.Object(
  {
    runId: Type.String(),
    soakId: Type.String(),
    cell: CellSchema,
    repeat: Type.Integer({ minimum: 1, description: 'counted from 1' }),
    state: Type.Enum([...RUN_STATES]),
    epoch: Type.Integer({ minimum: 0, description: '0: never allocated' }),
    gang: Type.Array(Type.Object({ agentId: Type.String(), role: Type.Enum([...ROLES]) }, closed)),
    startAtMs: Type.Union([Type.Integer(), Type.Null()], { description: 'Redis time' }),
    judgement: Type.Union([Judgement, Type.Null()]),
  },
  closed,
);
export type Run = Static<typeof Run>;

/** A self-contained document per run: sufficient to judge the run again. */
export const RunResult = Type.Object(
  {
    run: Run,
    spec: SoakSpec,
    environments: Type.Record(Type.String(), Environment, { description: 'by agent id' }),
    clockOffsetsMs: Type.Record(Type.String(), Type.Number(), { description: 'by agent' }),
    server: Type.Union([ServerResult, Type.Null()]),
    fleets: Type.Record(Type.String(), FleetResult, { description: 'by agent' }),
    notes: Type.Array(Type.String(), {
      maxItems: MAX_LINES,
      description: 'failures that were reported during the run',
    }),
    events: Type.Array(
      Type.Object({ state: Type.Enum([...RUN_STATES]), atMs: Type.Integer() }, closed),
      { maxItems: MAX_LINES, description: 'its state changes in order, Redis time' },
    ),
    evidence: Type.Union([Evidence, Type.Null()], {
      description: 'what the verdict rests on; null where there was nothing to judge',
    }),
    late: Type.Array(
      Type.Object(
        {
          agentId: Type.String(),
          atMs: Type.Integer({ description: 'Redis time of its arrival' }),
          result: Type.Union([ServerResult, FleetResult]),
        },
        closed,
      ),
      {
        description:
          'results that came after the verdict, from agents that were lost; they change nothing',
      },
    ),
  },
  closed,
);
export type RunResult = Static<typeof RunResult>;

/** An error with the part of the run that saw it, e.g. `fleet agent-2`. */
export interface SeenError {
  by: string;
  error: ErrorEvidence;
}

/**
 * Pure: the first errors of all parts of a run. A server cannot tell a reset that a fleet made on
 * purpose (`abortiveShare`) from another one: where they all were, its `peerReset` are left out, as
 * they are in the counts.
 */
export function firstErrorsOf(result: Pick<RunResult, 'server' | 'fleets'> | null): SeenError[] {
  if (result === null) return [];
  const { server, fleets } = result;
  const byFleets = Object.entries(fleets).flatMap(([agentId, { firstErrors = [] }]) =>
    firstErrors.map((error) => ({ by: `fleet ${agentId}`, error })),
  );
  const resets = server?.figures.final.errors.peerReset ?? 0;
  const meant = Object.values(fleets).reduce((sum, { figures }) => {
    return sum + figures.final.sessions.aborts;
  }, 0);
  const byServer = (server?.firstErrors ?? [])
    .filter((error) => error.class !== 'peerReset' || resets > meant)
    .map((error) => ({ by: 'server', error }));
  return [...byFleets, ...byServer];
}

/** A run and, once it is done, its result document. */
export const RunWithResult = Type.Object(
  {
    ...Run.properties,
    result: Type.Union([RunResult, Type.Null()], { description: 'null until the run is done' }),
  },
  closed,
);
export type RunWithResult = Static<typeof RunWithResult>;

/** How a soak was created. */
export const Origin = Type.Union([
  Type.Object({ kind: Type.Literal('submitted') }, closed),
  Type.Object(
    {
      kind: Type.Literal('schedule'),
      schedule: Type.String({ description: 'name of the schedule' }),
      tickAtMs: Type.Integer(),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('import'), importedAtMs: Type.Integer() }, closed),
]);
export type Origin = Static<typeof Origin>;

/** A soak in the API. */
export const Soak = Type.Object(
  {
    soakId: Type.String(),
    name: Type.String(),
    createdAtMs: Type.Integer(),
    origin: Origin,
    state: Type.Enum(['queued', 'running', 'done']),
    verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()]),
    waiting: Type.Union([Type.String(), Type.Null()], {
      description: 'why its next run has no agents yet; null: it does not wait for agents',
    }),
    spec: SoakSpec,
    against: Type.Union([PinnedBaseline, Type.Null()], {
      description: 'the baseline whose cells alternate with its own; null: none',
    }),
    runs: Type.Array(Run),
  },
  closed,
);
export type Soak = Static<typeof Soak>;

/** An event in a run's stream. */
export type RunEvent =
  | { kind: 'state'; runId: string; state: RunState; atMs: number; judgement: Judgement | null }
  | { kind: 'sample'; sample: import('../cluster/report.ts').Sample };
