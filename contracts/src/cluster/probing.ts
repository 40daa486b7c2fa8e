import { type Static, Type } from 'typebox';
import { ProbeAnswer } from '../probes/answer.ts';
import { PROBE_NAMES } from '../probes/catalogue.ts';
import {
  AGENT_ID_PATTERN,
  type Environment,
  PLATFORMS,
  platformLabel,
  platformOf,
} from './agent.ts';

const closed = { additionalProperties: false } as const;

/** The platform on which a probe ran. */
export const ProbePlatform = Type.Object(
  {
    system: Type.Enum([...PLATFORMS]),
    label: Type.String({ description: 'with its version, for a person' }),
  },
  closed,
);
export type ProbePlatform = Static<typeof ProbePlatform>;

export function probePlatform(environment: Environment): ProbePlatform {
  return { system: platformOf(environment), label: platformLabel(environment) };
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
export const ProbeAsk = Type.Object(
  {
    askedAtMs: Type.Integer({ description: 'Redis time' }),
    startedAtMs: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Redis time; null: it has not begun, or gave way to a run and begins again',
    }),
  },
  closed,
);
export type ProbeAsk = Static<typeof ProbeAsk>;

/** An agent's probes in the API. */
export const AgentProbes = Type.Object(
  {
    agentId: Type.String({ pattern: AGENT_ID_PATTERN }),
    live: Type.Boolean({ description: 'false: its lease has lapsed; nobody will answer' }),
    platform: ProbePlatform,
    asked: Type.Array(
      Type.Object({ name: Type.Enum([...PROBE_NAMES]), ...ProbeAsk.properties }, closed),
      { description: 'what it has still to answer, in the order in which it does' },
    ),
    waiting: Type.Union([Type.String(), Type.Null()], {
      description: 'why what is asked does not begin; null when it does not wait',
    }),
    answers: Type.Array(AgentProbeAnswer, {
      description: 'the latest of each probe that it ever answered, in the order of the catalogue',
    }),
  },
  closed,
);
export type AgentProbes = Static<typeof AgentProbes>;

/** The probes that were requested, per agent. */
export const ProbesRequested = Type.Object(
  {
    askedAtMs: Type.Integer({ description: 'Redis time' }),
    asked: Type.Array(
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
