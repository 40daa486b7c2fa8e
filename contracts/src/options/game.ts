import { type Static, Type } from 'typebox';
import { CONTENT_NAME_PATTERN } from '../values/name-patterns.ts';
import { type Problem, pointerTo } from '../values/validation.ts';
import { CONTAINER_LOCKS, CONTENT_QUEUES } from './matrix.ts';

const closed = { additionalProperties: false } as const;

/** Maximum work per message; with more, the server is no longer an echo server. */
const MAX_WORK_US = 100_000;

const MAX_CONTENTS = 16;

/** Tolerance for sums of shares that must be 1. */
const SHARE_TOLERANCE = 1e-9;

const WorkUs = Type.Number({
  default: 0,
  minimum: 0,
  maximum: MAX_WORK_US,
  description: 'CPU time that each message burns, in microseconds (a calibrated spin)',
});

/** A kind of message of a content. */
const MessageKind = Type.Object(
  {
    share: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'of the messages of this content; the shares of a mix add up to 1',
    }),
    workUs: WorkUs,
  },
  closed,
);

/** An activity of players: lobby, pvp, dungeon. */
export const Content = Type.Object(
  {
    name: Type.String({ pattern: CONTENT_NAME_PATTERN }),
    workUs: WorkUs,
    mix: Type.Optional(
      Type.Array(MessageKind, {
        minItems: 1,
        maxItems: 16,
        description: 'kinds of messages, each with its own work; replaces workUs',
      }),
    ),
    ticksPerSecond: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 1000,
        description:
          'the content works in an update loop of this rate: messages wait for the next tick; absent: as they come',
      }),
    ),
    moves: Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 1 }), {
      default: {},
      maxProperties: MAX_CONTENTS,
      description:
        'probability, after each message, that the player moves to the content of that name',
    }),
  },
  closed,
);
export type Content = Static<typeof Content>;

/** What the server's players do; independent of the layout. */
export const Game = Type.Object(
  {
    contents: Type.Array(Content, {
      minItems: 1,
      maxItems: MAX_CONTENTS,
      default: [{ name: 'lobby' }, { name: 'pvp' }, { name: 'dungeon' }],
      description: 'a player starts in the first content',
    }),
    containerLock: Type.Enum([...CONTAINER_LOCKS], {
      default: 'mutex',
      description:
        "the player container's lock: mutex (CRITICAL_SECTION), srwlock (lookups share it), sharded (16 srwlocks, by player)",
    }),
    contentQueue: Type.Enum([...CONTENT_QUEUES], {
      default: 'locked',
      description: "a content thread's queue: locked (a mutex), lock-free (boost::lockfree::queue)",
    }),
    queueLimit: Type.Integer({
      default: 65_536,
      minimum: 1,
      maximum: 16_777_216,
      description:
        'messages that may wait for one content thread; a session that sends one more is closed and counted (queueOverflow)',
    }),
  },
  { ...closed, default: {}, description: 'contents, their work, and how players move' },
);
export type Game = Static<typeof Game>;

/** Problems of a game that the schema cannot express. */
export function gameProblems({ contents }: Pick<Game, 'contents'>): Problem[] {
  const names = contents.map(({ name }) => name);
  return contents.flatMap((content, index) => {
    const at = (...segments: (string | number)[]) => pointerTo('contents', index, ...segments);
    return [
      ...(names.indexOf(content.name) === index
        ? []
        : [{ pointer: at('name'), detail: `"${content.name}" is there twice` }]),
      ...moveProblems(content, names, at),
      ...mixProblems(content, at),
    ];
  });
}

type At = (...segments: (string | number)[]) => string;

function moveProblems({ name, moves }: Content, names: readonly string[], at: At): Problem[] {
  const problems: Problem[] = Object.keys(moves).flatMap((to) => {
    const pointer = at('moves', to);
    if (to === name) return [{ pointer, detail: 'a player cannot move to where it is' }];
    if (names.includes(to)) return [];
    return [{ pointer, detail: `unknown content "${to}"; valid: ${names.join(', ')}` }];
  });
  const sum = Object.values(moves).reduce((total, probability) => total + probability, 0);
  if (sum <= 1 + SHARE_TOLERANCE) return problems;
  const detail = `the probabilities add up to ${Number(sum.toPrecision(6))}; at most 1`;
  return [...problems, { pointer: at('moves'), detail }];
}

function mixProblems({ mix, workUs }: Content, at: At): Problem[] {
  if (mix === undefined) return [];
  const problems: Problem[] = [];
  if (workUs !== 0) {
    problems.push({ pointer: at('workUs'), detail: 'is for a content without a mix' });
  }
  const sum = mix.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > SHARE_TOLERANCE) {
    const detail = `the shares add up to ${Number(sum.toPrecision(6))}; they must add up to 1`;
    problems.push({ pointer: at('mix'), detail });
  }
  return problems;
}
