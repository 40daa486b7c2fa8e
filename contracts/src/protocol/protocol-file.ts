import { type Static, Type } from 'typebox';
import { PROTOCOL_NAME_PATTERN } from '../values/name-patterns.ts';

const closed = { additionalProperties: false } as const;

/** The bounds of a description; with them the memory of a session is bounded, too. */
export const PROTOCOL_BOUNDS = {
  templateCharacters: 4096,
  loginSteps: 16,
  requests: 16,
  logoutSteps: 8,
  /** Messages that one answer consists of. */
  answerMessages: 8,
  /** Of `ignore` and of `errors`. */
  patterns: 16,
  messageBytes: 1_048_576,
  delayMs: 60_000,
} as const;

export const ENDIANS = ['little', 'big'] as const;
export type Endian = (typeof ENDIANS)[number];

/** What determines where a message ends. */
export const FRAMINGS = ['length', 'varint', 'delimiter', 'template'] as const;
export type FramingKind = (typeof FRAMINGS)[number];

/** The bytes that the number in a length field counts. */
export const LENGTH_COUNTS = ['after', 'message', 'from-length', 'body'] as const;
export type LengthCounts = (typeof LENGTH_COUNTS)[number];

/** How the fleet finds the request that an answer belongs to. */
export const MATCHES = ['order', 'sequence', 'identifier'] as const;
export type Match = (typeof MATCHES)[number];

const Template = (description: string) =>
  Type.String({ minLength: 1, maxLength: PROTOCOL_BOUNDS.templateCharacters, description });

const Send = Template(
  'what the client sends: text with escapes (\\r \\n \\t \\0 \\xHH \\\\ \\{ \\}) and placeholders in braces; after "hex:" hexadecimal bytes, \'text\' in quotes and placeholders',
);
const ExpectedMessage = Template('the whole message that must come, as in "send"');

const Expect = Type.Union(
  [
    ExpectedMessage,
    Type.Array(ExpectedMessage, { minItems: 1, maxItems: PROTOCOL_BOUNDS.answerMessages }),
  ],
  { description: 'the answer: one message, or a list of messages that come one after the other' },
);

const DelayMs = Type.Integer({
  minimum: 0,
  maximum: PROTOCOL_BOUNDS.delayMs,
  description: 'pause before it',
});

const Step = Type.Object(
  {
    send: Type.Optional(Send),
    expect: Type.Optional(Expect),
    delayMs: Type.Optional(DelayMs),
  },
  {
    ...closed,
    description: 'without "send": what the server says first; without "expect": no answer',
  },
);

const Request = Type.Object(
  {
    name: Type.String({ pattern: PROTOCOL_NAME_PATTERN }),
    share: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'of all requests; the shares add up to 1; default: equal shares',
      }),
    ),
    send: Send,
    expect: Expect,
    delayMs: Type.Optional(DelayMs),
  },
  closed,
);

const Framing = Type.Object(
  {
    by: Type.Enum([...FRAMINGS], {
      description:
        'where a message ends: "length": by a length field; "varint": by the length of MQTT (7 bits to a byte, the lowest first); "delimiter": at a text; "template": where the template that it matches ends',
    }),
    offset: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 64, description: 'of the length field; default: 0' }),
    ),
    bytes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 4, description: 'of the length field' }),
    ),
    endian: Type.Optional(Type.Enum([...ENDIANS], { description: 'of the length field' })),
    counts: Type.Optional(
      Type.Enum([...LENGTH_COUNTS], {
        description:
          'what the length counts: "after": the bytes after it (default); "message": the whole message; "from-length": itself and what follows; "body": what follows a header of headerBytes',
      }),
    ),
    headerBytes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 256, description: 'with counts: body' }),
    ),
    delimiter: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'as a template without placeholders, for example \\r\\n',
      }),
    ),
  },
  closed,
);
export type Framing = Static<typeof Framing>;

const Patterns = (description: string) =>
  Type.Array(ExpectedMessage, { maxItems: PROTOCOL_BOUNDS.patterns, description });

/** A protocol of a user's own server, as data. Templates are read by template.ts. */
export const ProtocolFile = Type.Object(
  {
    name: Type.String({ pattern: PROTOCOL_NAME_PATTERN }),
    description: Type.Optional(Type.String({ maxLength: 1000 })),
    framing: Framing,
    maxMessageBytes: Type.Integer({
      minimum: 1,
      maximum: PROTOCOL_BOUNDS.messageBytes,
      default: 65_536,
      description: 'the longest message in either direction; a longer one is an error',
    }),
    match: Type.Enum([...MATCHES], {
      default: 'order',
      description:
        'which request an answer belongs to: "order": the oldest; "sequence", "identifier": the one with the number that the answer has at {sequence:…} or {identifier:…}',
    }),
    firstSequence: Type.Integer({
      minimum: 0,
      maximum: 4_294_967_295,
      default: 0,
      description: 'number of the first message of a session; every message that is sent counts',
    }),
    login: Type.Optional(
      Type.Array(Step, {
        maxItems: PROTOCOL_BOUNDS.loginSteps,
        description: 'before the first request, one step after the other',
      }),
    ),
    requests: Type.Array(Request, { minItems: 1, maxItems: PROTOCOL_BOUNDS.requests }),
    logout: Type.Optional(Type.Array(Step, { maxItems: PROTOCOL_BOUNDS.logoutSteps })),
    ignore: Type.Optional(Patterns('messages that the server sends on its own')),
    errors: Type.Optional(Patterns('answers that report an error')),
  },
  closed,
);
export type ProtocolFile = Static<typeof ProtocolFile>;
export type ProtocolStep = Static<typeof Step>;
