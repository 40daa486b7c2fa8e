import { type Static, Type } from 'typebox';
import { compileProtocol } from '../protocol/compile.ts';
import { distinctNumbers } from '../protocol/number-format.ts';
import type { MatchField, Program } from '../protocol/program.ts';
import { ProtocolFile } from '../protocol/protocol-file.ts';
import { type Problem, pointerTo, within } from '../values/validation.ts';
import { tooMuchMemory } from './session-memory.ts';

/** A protocol that a user has described. */
export const Framed = Type.Object(
  { framed: ProtocolFile },
  {
    additionalProperties: false,
    description: 'the description of a protocol, as `oversoak protocol try` reads it',
  },
);
export type Framed = Static<typeof Framed>;

/** What a fleet does with a description. */
export interface FramedLoad {
  pacing: 'constant' | 'poisson' | 'closed';
  overSend: number;
  connectTimeoutMs: number;
  /** Of one fleet. */
  sessions: number;
}

/** So long a fleet waits for its sessions' ends when it stops. */
const LONGEST_LOGOUT_MS = 5000;
/** Messages that a session follows beside those that it may have in flight: overdue ones. */
const SPARE_MESSAGES = 32;

/** Why a fleet cannot run a description, which has no problem of its own. */
export function framedProblems({ framed }: Framed, load: FramedLoad): Problem[] {
  const compiled = compileProtocol(framed);
  if ('problems' in compiled) return [];
  const { program } = compiled;
  return within('/framed', [
    ...delayProblems(program, load),
    ...numberProblems(program, load),
    ...memoryProblems(program, load),
  ]);
}

/** In open loop the rate alone says when a message is due. */
function delayProblems(program: Program, { pacing, connectTimeoutMs }: FramedLoad): Problem[] {
  const problems = program.requests.flatMap(({ delayMs }, index) => {
    if (delayMs === 0 || pacing === 'closed') return [];
    const pointer = pointerTo('requests', index, 'delayMs');
    return [{ pointer, detail: `needs workload.pacing: closed; it is "${pacing}"` }];
  });
  for (const [name, most] of [
    ['login', connectTimeoutMs],
    ['logout', Math.min(connectTimeoutMs, LONGEST_LOGOUT_MS)],
  ] as const) {
    const delays = program[name].reduce((sum, { delayMs }) => sum + delayMs, 0);
    if (delays < most) continue;
    const detail = `pauses ${delays} ms in all, and has to be over within ${most} ms`;
    problems.push({ pointer: pointerTo(name), detail });
  }
  return problems;
}

/** The messages that a session follows at a time have to have different numbers. */
function numberProblems({ requests, match }: Program, { overSend }: FramedLoad): Problem[] {
  const followed = 2 ** Math.ceil(Math.log2(overSend + SPARE_MESSAGES));
  return requests.flatMap(({ expect: [first] }, index) => {
    const field = first?.matchField ?? null;
    if (field === null || numbersOf(field) >= followed) return [];
    const detail = `its {${match}:…} has ${numbersOf(field)} numbers, too few for workload.overSend ${overSend}, which needs ${followed}`;
    return [{ pointer: pointerTo('requests', index, 'expect'), detail }];
  });
}

/** An identifier is never 0. */
const numbersOf = ({ of, format }: MatchField) =>
  distinctNumbers(format) - (of === 'identifier' ? 1 : 0);

function memoryProblems(program: Program, load: FramedLoad): Problem[] {
  const detail = tooMuchMemory(program, load);
  return detail === null ? [] : [{ pointer: '/maxMessageBytes', detail }];
}
