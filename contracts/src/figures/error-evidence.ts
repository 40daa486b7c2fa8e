import { type Static, Type } from 'typebox';
import { ERROR_CLASSES, type ErrorClass } from './error-classes.ts';

const closed = { additionalProperties: false } as const;

/** A fleet and a server keep as many of each class; the counts have all. */
export const FIRST_ERRORS_OF_CLASS = 5;

const CLASSES = Object.keys(ERROR_CLASSES) as ErrorClass[];

const Hex = Type.String({ maxLength: 64, pattern: '^([0-9a-f]{2})*$' });

const known = {
  session: Type.Optional(
    Type.Integer({ minimum: 0, description: 'its number in the fleet, or on the server, from 0' }),
  ),
  peer: Type.Optional(Type.String({ description: 'address and port of the other end' })),
  localPort: Type.Optional(Type.Integer({ description: "of the session's socket, in a fleet" })),
  what: Type.String({ description: 'what was seen' }),
  code: Type.Optional(
    Type.String({ description: 'of the system, e.g. "WSAECONNREFUSED (10061)"' }),
  ),
  message: Type.Optional(
    Type.Integer({
      description:
        'number of the message in its connection, from 0; in a described protocol its {sequence} or {identifier}, as it is on the wire, and without either the number from firstSequence on, the messages of the login included',
    }),
  ),
  expectedMessage: Type.Optional(
    Type.Integer({
      description:
        'number of the message that was to come; of a connection that ended, the oldest that waited',
    }),
  ),
  offset: Type.Optional(
    Type.Integer({
      description:
        'of the first wrong byte: in the message; in the protocol raw, in the bytes of the connection',
    }),
  ),
  expectedHex: Type.Optional(
    Type.Unsafe<string>({
      ...Hex,
      description: 'what was sent, from that byte on; up to 32 bytes',
    }),
  ),
  gotHex: Type.Optional(
    Type.Unsafe<string>({
      ...Hex,
      description:
        'what came, from that byte on; of a connection that ended, the bytes of the message that was not whole; up to 32 bytes',
    }),
  ),
} as const;

/** One error of a fleet or a server with what is known of it. What is not known is left out. */
export const ErrorEvidence = Type.Object(
  {
    class: Type.Enum(CLASSES),
    sinceStartSeconds: Type.Number({ description: 'when it was noticed, since the run started' }),
    ...known,
  },
  closed,
);
export type ErrorEvidence = Static<typeof ErrorEvidence>;

/** As the addon reports it; a fleet's without the peer. */
export type NativeErrorEvidence = Omit<ErrorEvidence, 'sinceStartSeconds'> & {
  /** When it was noticed, on the machine's monotonic clock, in ms. */
  atMachineMs: number;
};

const PLACES = 1000;

const joined = (parts: readonly (string | undefined)[]) =>
  parts.filter((part) => part !== undefined).join(', ');

/** Pure: one line for people, without the class. */
export function errorEvidenceText(evidence: ErrorEvidence): string {
  const { peer, session, localPort, sinceStartSeconds, what, code } = evidence;
  const { message, expectedMessage, offset, expectedHex, gotHex } = evidence;
  const seconds = Math.round(sinceStartSeconds * PLACES) / PLACES;
  const port = localPort === undefined ? '' : ` (port ${localPort})`;
  const where = [
    `at ${seconds} s`,
    session === undefined ? undefined : `session ${session}${port}`,
    peer === undefined ? undefined : `peer ${peer}`,
  ];
  const parts = [
    `${joined(where)}: ${what}`,
    code,
    message === undefined ? undefined : `message ${message}`,
    expectedMessage === undefined ? undefined : `expected message ${expectedMessage}`,
    offset === undefined ? undefined : `offset ${offset}`,
    expectedHex === undefined ? undefined : `expected ${expectedHex}`,
    gotHex === undefined ? undefined : `got ${gotHex}`,
  ];
  return joined(parts);
}
