import { Type } from 'typebox';
import { compileProtocol } from '../protocol/compile.ts';
import { type Problem, schemaProblems, validate, within } from '../values/validation.ts';
import { Framed } from './framed.ts';
import { PROTOCOLS, type Protocol } from './matrix.ts';
import { Plugin } from './plugin.ts';

/** What a fleet speaks. */
export type FleetProtocol = Protocol | Framed | Plugin;

/** Of a schema that takes any of them. */
export const FLEET_PROTOCOLS = [Type.Enum([...PROTOCOLS]), Framed, Plugin] as const;

export function isFramed(protocol: FleetProtocol): protocol is Framed {
  return typeof protocol === 'object' && 'framed' in protocol;
}

export function isPlugin(protocol: FleetProtocol): protocol is Plugin {
  return typeof protocol === 'object' && 'plugin' in protocol;
}

/** For messages to people. */
export function fleetProtocolName(protocol: FleetProtocol): string {
  if (isPlugin(protocol)) return 'plugin';
  return isFramed(protocol) ? 'framed' : protocol;
}

/** Only the one field: the description's own check covers its contents. */
const Wrapper = Type.Object({ framed: Type.Unknown() }, { additionalProperties: false });

/**
 * The problems of a whole whose protocol is at `pointer`: in place of what the union of all kinds
 * says, each problem of the kind that is given, with its place.
 */
export function withProtocolProblems(
  problems: readonly Problem[],
  pointer: string,
  protocol: unknown,
): Problem[] {
  const isAbout = (problem: Problem) =>
    problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`);
  const others = problems.filter((problem) => !isAbout(problem));
  if (typeof protocol !== 'object' || protocol === null) {
    if (others.length === problems.length || protocol === undefined) return [...problems];
    const detail = `must be one of ${PROTOCOLS.join(', ')}, {framed: a description}, or {plugin: {file, sha256}}`;
    return [...others, { pointer, detail }];
  }
  return [...others, ...within(pointer, ownProblems(protocol))];
}

function ownProblems(protocol: object): Problem[] {
  if ('plugin' in protocol) {
    const checked = validate(Plugin, protocol);
    return 'problems' in checked ? checked.problems : [];
  }
  if (!('framed' in protocol)) {
    const given = Object.keys(protocol).join(', ') || 'nothing';
    return [{ pointer: '', detail: `must have framed or plugin; it has ${given}` }];
  }
  const problems = schemaProblems(Wrapper, protocol);
  const compiled = compileProtocol(protocol.framed);
  return 'problems' in compiled ? [...problems, ...within('/framed', compiled.problems)] : problems;
}
