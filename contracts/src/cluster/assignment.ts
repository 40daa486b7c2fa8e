import { type Static, Type } from 'typebox';
import { LAYOUTS, NOTIFIERS } from '../options/matrix.ts';
import { FleetOptions, ServerOptions } from '../options/native-options.ts';
import { SoakSpec } from '../spec/soak-spec.ts';
import { Trace } from '../values/trace.ts';

const closed = { additionalProperties: false } as const;

/** Which run a message is about; an old epoch is refused. */
const Fence = {
  runId: Type.String(),
  epoch: Type.Integer({
    minimum: 1,
    description: 'number of the gang allocation; an older one is refused',
  }),
  trace: Type.Optional(Trace),
};

const Incarnation = Type.String({
  description: 'identifies the agent process that was allocated; any other process refuses the job',
});

export const Endpoint = Type.Object({ host: Type.String(), port: Type.Integer() }, closed);
export type Endpoint = Static<typeof Endpoint>;

/** What telemetry says of a run: its figures bear it on every agent. */
export const RunAbout = Type.Object(
  {
    soakName: Type.String(),
    cell: Type.String({ description: 'key of the cell, e.g. iocp.homo.100' }),
    notifier: Type.Enum([...NOTIFIERS, 'target']),
    layout: Type.Enum([...LAYOUTS, 'target']),
    sessions: Type.Integer({ minimum: 1, description: 'sessions of the whole fleet' }),
    repeat: Type.Integer({ minimum: 1, description: 'counted from 1' }),
  },
  closed,
);
export type RunAbout = Static<typeof RunAbout>;

/** Prepare: fork the host process, load the addon, bind (server) or check the ports (fleet). */
export const Assign = Type.Object(
  {
    kind: Type.Literal('assign'),
    ...Fence,
    incarnation: Incarnation,
    soakId: Type.String(),
    about: RunAbout,
    /** Redis time; a prepare that is not reported by then is abandoned. */
    deadlineMs: Type.Integer(),
    phases: SoakSpec.properties.phases,
    part: Type.Union([
      Type.Object({ role: Type.Literal('server'), options: ServerOptions }, closed),
      Type.Object(
        {
          role: Type.Literal('fleet'),
          options: Type.Omit(FleetOptions, ['host', 'port']),
          target: Type.Optional(Endpoint),
        },
        closed,
      ),
    ]),
  },
  closed,
);
export type Assign = Static<typeof Assign>;

export const Start = Type.Object(
  {
    kind: Type.Literal('start'),
    ...Fence,
    startAtMs: Type.Integer({ description: 'Redis time in milliseconds' }),
    endpoint: Endpoint,
  },
  closed,
);
export type Start = Static<typeof Start>;

export const Abort = Type.Object(
  {
    kind: Type.Literal('abort'),
    ...Fence,
    /** Without it: for whichever process has the agent's id. */
    incarnation: Type.Optional(Incarnation),
    reason: Type.String(),
  },
  closed,
);
export type Abort = Static<typeof Abort>;

/** Jobs about a run. */
export type RunJob = Assign | Start | Abort;

/** Look at the probes that are asked: they stand in Redis under `probeAsksKey`. */
export const ProbeJob = Type.Object({ kind: Type.Literal('probe') }, closed);
export type ProbeJob = Static<typeof ProbeJob>;

/** Jobs of an agent's queue. */
export const AgentJob = Type.Union([Assign, Start, Abort, ProbeJob]);
export type AgentJob = RunJob | ProbeJob;
