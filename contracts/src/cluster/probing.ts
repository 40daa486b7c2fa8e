import { type Static, Type } from 'typebox';
import { ProbeAnswer } from '../probes/answer.ts';
import { PROBE_NAMES } from '../probes/catalogue.ts';
import { AGENT_ID_PATTERN, type Environment, platformLabel, SYSTEMS, systemOf } from './agent.ts';

const closed = { additionalProperties: false } as const;

/** The platform on which a probe ran. */
export const ProbePlatform = Type.Object(
  {
    system: Type.Enum([...SYSTEMS]),
    label: Type.String({ description: 'readable name with the version' }),
  },
  closed,
);
export type ProbePlatform = Static<typeof ProbePlatform>;

export function probePlatform(environment: Environment): ProbePlatform {
  return { system: systemOf(environment), label: platformLabel(environment) };
}

/** A probe's answer with the agent that ran it, as stored and shown. */
export const AgentProbeAnswer = Type.Object(
  {
    ...ProbeAnswer.properties,
    agentId: Type.String({ pattern: AGENT_ID_PATTERN }),
    atMs: Type.Integer({ description: 'Redis time at which it was known' }),
    platform: ProbePlatform,
  },
  closed,
);
export type AgentProbeAnswer = Static<typeof AgentProbeAnswer>;

/** A probe request that the agent has not answered yet. */
export const ProbeRequest = Type.Object(
  {
    requestedAtMs: Type.Integer({ description: 'Redis time' }),
    startedAtMs: Type.Union([Type.Integer(), Type.Null()], {
      description:
        'Redis time; null: it has not started, or it yielded to a run and will start again',
    }),
  },
  closed,
);
export type ProbeRequest = Static<typeof ProbeRequest>;

/** An agent's probes in the API. */
export const AgentProbes = Type.Object(
  {
    agentId: Type.String({ pattern: AGENT_ID_PATTERN }),
    live: Type.Boolean({ description: 'false: its lease has expired, so no answer will come' }),
    platform: ProbePlatform,
    requested: Type.Array(
      Type.Object({ name: Type.Enum([...PROBE_NAMES]), ...ProbeRequest.properties }, closed),
      { description: 'requested probes without an answer, in the order in which they will run' },
    ),
    waiting: Type.Union([Type.String(), Type.Null()], {
      description: 'why the requested probes do not start; null: they are not waiting',
    }),
    answers: Type.Array(AgentProbeAnswer, {
      description: 'the latest answer of each probe, in the order of the catalogue',
    }),
  },
  closed,
);
export type AgentProbes = Static<typeof AgentProbes>;

/** The probes that were requested, per agent. */
export const ProbesRequested = Type.Object(
  {
    requestedAtMs: Type.Integer({ description: 'Redis time' }),
    requested: Type.Array(
      Type.Object(
        {
          agentId: Type.String({ pattern: AGENT_ID_PATTERN }),
          names: Type.Array(Type.Enum([...PROBE_NAMES])),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type ProbesRequested = Static<typeof ProbesRequested>;

/** The most agents of a cluster. */
const MAX_AGENTS = 1000;

/** What a user sends to request probes. */
export const ProbesRequest = Type.Object(
  {
    agents: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), {
        minItems: 1,
        maxItems: MAX_AGENTS,
        description: 'agent ids; default: every live agent that has Winsock',
      }),
    ),
    names: Type.Optional(
      Type.Array(Type.Enum([...PROBE_NAMES]), {
        minItems: 1,
        maxItems: PROBE_NAMES.length,
        description: 'names of probes; default: all, which take a minute or less',
      }),
    ),
  },
  { ...closed, default: {}, examples: [{ names: [PROBE_NAMES[0]] }] },
);
export type ProbesRequest = Static<typeof ProbesRequest>;
