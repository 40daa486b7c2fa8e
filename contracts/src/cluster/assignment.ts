import { type Static, Type } from 'typebox';
import { LAYOUTS, NOTIFIERS } from '../options/matrix.ts';
import { FleetOptions, ServerOptions } from '../options/native-options.ts';
import { SoakSpec } from '../spec/soak-spec.ts';
import { Trace } from '../values/trace.ts';
import { SYSTEMS } from './agent.ts';

const closed = { additionalProperties: false } as const;

/** Identifies the run and allocation of a message; agents refuse an older epoch. */
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

/** Facts about a run that all agents put on its telemetry. */
export const RunAbout = Type.Object(
  {
    soakName: Type.String(),
    schedule: Type.Optional(
      Type.String({ description: 'the schedule that submitted the soak; missing: a user did' }),
    ),
    cell: Type.String({ description: 'key of the cell, e.g. iocp.homo.100' }),
    notifier: Type.Enum([...NOTIFIERS, 'target']),
    layout: Type.Enum([...LAYOUTS, 'target']),
    sessions: Type.Integer({ minimum: 1, description: 'sessions of the whole fleet' }),
    platform: Type.Enum([...SYSTEMS], {
      description:
        "of the server, or of the first fleet agent where the server is a target: the fleet's figures are the server's, too",
    }),
    repeat: Type.Integer({ minimum: 1, description: 'counted from 1' }),
  },
  closed,
);
export type RunAbout = Static<typeof RunAbout>;

/**
 * Requests a prepare: fork the host process, load the addon, bind (server) or check the ports
 * (fleet).
 */
export const Assign = Type.Object(
  {
    kind: Type.Literal('assign'),
    ...Fence,
    incarnation: Incarnation,
    soakId: Type.String(),
    about: RunAbout,
    /** Redis time; a part that has not reported prepared by then is abandoned. */
    deadlineMs: Type.Integer(),
    phases: SoakSpec.properties.phases,
    part: Type.Union([
      Type.Object({ role: Type.Literal('server'), options: ServerOptions }, closed),
      Type.Object(
        {
          role: Type.Literal('fleet'),
          options: Type.Omit(FleetOptions, ['host', 'port', 'pluginPath']),
          target: Type.Optional(Endpoint),
        },
        closed,
      ),
    ]),
  },
  closed,
);
export type Assign = Static<typeof Assign>;
/** What a fleet of a run is to do. */
export type FleetPart = Extract<Assign['part'], { role: 'fleet' }>;

export const Start = Type.Object(
  {
    kind: Type.Literal('start'),
    ...Fence,
    incarnation: Incarnation,
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
    /** If absent, the job is for any process that has the agent's id. */
    incarnation: Type.Optional(Incarnation),
    reason: Type.String(),
  },
  closed,
);
export type Abort = Static<typeof Abort>;

/** Jobs about a run. */
export type RunJob = Assign | Start | Abort;

/** The agent reads its probe requests from `probeRequestsKey` in Redis. */
export const ProbeJob = Type.Object({ kind: Type.Literal('probe') }, closed);
export type ProbeJob = Static<typeof ProbeJob>;

/** Jobs in an agent's queue. */
export const AgentJob = Type.Union([Assign, Start, Abort, ProbeJob]);
export type AgentJob = RunJob | ProbeJob;
