import { type Static, Type } from 'typebox';
import { AGENT_ID_PATTERN } from '../cluster/agent.ts';
import { DEFAULT_TARGETS } from '../options/default-targets.ts';
import { IP_ADDRESS_PATTERN, TARGET_PATTERN } from '../values/name-patterns.ts';
import { SIGNALS } from '../values/signal.ts';

const closed = { additionalProperties: false } as const;

/** What an operator says of an agent's machine, and the machine does not say of itself. */
const ENROLLED = {
  agentId: Type.String({ pattern: AGENT_ID_PATTERN, description: 'one of its own in the cluster' }),
  address: Type.String({
    pattern: IP_ADDRESS_PATTERN,
    description: 'IPv4 or IPv6 address at which fleets reach the servers that run there',
  }),
  labels: Type.Record(Type.String({ maxLength: 63 }), Type.String({ maxLength: 200 }), {
    default: {},
    maxProperties: 50,
    description: 'what a soak can ask for when it chooses its agents',
  }),
  targets: Type.Array(Type.String({ pattern: TARGET_PATTERN }), {
    default: [...DEFAULT_TARGETS],
    maxItems: 200,
    description:
      'servers that its fleets may load beside those of their own runs: "address[/bits][:port]"',
  }),
};

/** What an operator asks for to let a machine join. */
export const EnrolmentRequest = Type.Object(ENROLLED, {
  ...closed,
  examples: [{ agentId: 'win-1', address: '10.0.0.7', labels: { rack: 'a' } }],
});
export type EnrolmentRequest = Static<typeof EnrolmentRequest>;

/** How long a machine may take to join. */
export const JOIN_WITHIN_MS = 15 * 60_000;

/** The only answer that has a join token. */
export const JoinToken = Type.Object(
  {
    agentId: ENROLLED.agentId,
    token: Type.String({
      description: 'osj_<agent>_<secret>; works once; shown here and never again',
    }),
    expiresAtMs: Type.Integer({ description: 'Redis time' }),
    authority: Type.Optional(
      Type.String({
        description:
          'SHA-256 (base64url) of the certificate of the authority that agents are to trust; part of the link',
      }),
    ),
  },
  closed,
);
export type JoinToken = Static<typeof JoinToken>;

/** Longer than any token, so that what is none is refused as such. */
export const JoinRequest = Type.Object(
  { token: Type.String({ maxLength: 200, description: 'of a join link' }) },
  { ...closed, examples: [{ token: 'osj_win-1_secret' }] },
);
export type JoinRequest = Static<typeof JoinRequest>;

/** A machine that has joined. */
export const Enrolment = Type.Object(
  {
    ...ENROLLED,
    generation: Type.Integer({
      minimum: 1,
      description: 'counts the identities that the id has had; only the newest is one',
    }),
    joinedAtMs: Type.Integer({ description: 'Redis time' }),
  },
  closed,
);
export type Enrolment = Static<typeof Enrolment>;

/** Below the URL of the API: the base of OTLP/HTTP for agents that joined. */
export const OTLP_PATH = 'v1/otlp/';

const RELAYED = {
  token: Type.String({ description: 'ost_<agent>_<secret>; ends with this identity' }),
  signals: Type.Array(Type.Enum([...SIGNALS]), {
    description: 'what the control plane passes on to its own receiver',
  }),
};

const JOINED = {
  ...Type.Omit(Enrolment, ['joinedAtMs']).properties,
  redis: Type.Object(
    {
      url: Type.String({
        pattern: '^rediss?://[^@]+$',
        description: 'without user and password',
      }),
      user: Type.String(),
      password: Type.String(),
    },
    { ...closed, description: 'its own user, which has the rights of this agent alone' },
  ),
  jobKey: Type.String({
    description:
      'Ed25519 public key of the control plane (SubjectPublicKeyInfo, DER, base64url): what it signs jobs with',
  }),
  ca: Type.Optional(
    Type.String({
      pattern: '^-----BEGIN CERTIFICATE-----',
      description: 'PEM: the authority that signed the certificates of Redis and the API',
    }),
  ),
};

/** What a machine gets when it joins. */
export const JoinAnswer = Type.Object(
  {
    ...JOINED,
    telemetry: Type.Optional(
      Type.Object(RELAYED, {
        ...closed,
        description: 'with which it may send telemetry to the API; absent: there is no receiver',
      }),
    ),
  },
  closed,
);
export type JoinAnswer = Static<typeof JoinAnswer>;

/** What a machine that joined keeps in a file of its own. */
export const AgentIdentity = Type.Object(
  {
    ...JOINED,
    telemetry: Type.Optional(
      Type.Object({ url: Type.String({ pattern: '^https?://[^@]+/$' }), ...RELAYED }, closed),
    ),
  },
  closed,
);
export type AgentIdentity = Static<typeof AgentIdentity>;
