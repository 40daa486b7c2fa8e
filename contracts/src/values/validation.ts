import type { Static, TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { atPointer } from './at-pointer.ts';
import { BOUNDS } from './bounds.ts';
import { PATTERN_TEXTS } from './name-patterns.ts';
import { type TypedSchema, typeProblem } from './type-problem.ts';
import { withoutOtherBranches } from './union-problems.ts';
import { validNames } from './valid-names.ts';

/** One problem of a value. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the field; `` is the whole value. */
  pointer: string;
  /** A readable message; names the valid values. */
  detail: string;
}

export type Validated<T> = { value: T } | { problems: Problem[] };

const { problemsFound: MAX_FOUND, problemsAnswered: MAX_ANSWERED } = BOUNDS.request;

/** More than the library's first eight: what is filtered out below counts, too. */
Settings.Set({ maxErrors: MAX_FOUND });

/** Applies the schema's defaults and validates the result; the input is not modified. */
export function validate<S extends TSchema>(schema: S, input: unknown): Validated<Static<S>> {
  const value: unknown = Value.Default(schema, structuredClone(input));
  const problems = schemaProblems(schema, value);
  return problems.length === 0 ? { value: value as Static<S> } : { problems };
}

/**
 * The problems of a value under a schema, as many as are answered; empty if it is valid. Whoever
 * checks more than the schema can rely on the fields that no problem is about: with problems that
 * are not among these, the last one is about the whole value.
 */
export function schemaProblems(schema: TSchema, value: unknown): Problem[] {
  if (Value.Check(schema, value)) return [];
  // The library's time grows with the square of a list, also of one that is longer than it may be.
  const found = Value.Errors(schema, searchedPart(value));
  const { errors, valid } = withoutOtherBranches(schema, value, found);
  const problems = errors.flatMap((error) => {
    const detail = valid.get(error);
    return detail === undefined
      ? problemsOf(schema, value, error)
      : [{ pointer: error.instancePath, detail }];
  });
  if (problems.length === 0) return [{ pointer: '', detail: 'does not match the schema' }];
  if (found.length < MAX_FOUND) return firstProblems(problems);
  return [...problems.slice(0, MAX_ANSWERED), { pointer: '', detail: 'and more problems' }];
}

/** As many problems as are answered, and the number of the others. */
export function firstProblems(problems: readonly Problem[]): Problem[] {
  // The one beyond them may be the line that says how many more there are.
  if (problems.length <= MAX_ANSWERED + 1) return [...problems];
  const detail = `and ${problems.length - MAX_ANSWERED} more problems`;
  return [...problems.slice(0, MAX_ANSWERED), { pointer: '', detail }];
}

/**
 * The part of a value in which mistakes are looked for: the beginning of each list, which is longer
 * than any list of a request may be, so nothing becomes valid. No schema has lists below the levels
 * of a spec, and a report of an agent may be nested without an end.
 */
export function searchedPart(
  value: unknown,
  levels: number = BOUNDS.spec.depth,
  copies = new Map<unknown, unknown>(),
): unknown {
  if (levels === 0 || typeof value !== 'object' || value === null) return value;
  // A value that stands in many places, which YAML can write, is one copy in all of them.
  if (copies.has(value)) return copies.get(value);
  const isList = Array.isArray(value);
  if (!isList && Object.getPrototypeOf(value) !== Object.prototype) return value;
  const part = (one: unknown) => searchedPart(one, levels - 1, copies);
  const copy = isList
    ? value.slice(0, BOUNDS.spec.itemsSearched).map(part)
    : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, part(one)]));
  copies.set(value, copy);
  return copy;
}

/** Problems of a part, relocated to the whole that contains it at `pointer`. */
export function within(pointer: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, pointer: pointer + problem.pointer }));
}

export function pointerTo(...segments: (string | number)[]): string {
  return segments
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function problemsOf(root: TSchema, value: unknown, error: TLocalizedValidationError): Problem[] {
  const pointer = error.instancePath;
  switch (error.keyword) {
    case 'boolean':
      // additionalProperties of the enclosing object reports this more precisely.
      return [];
    case 'additionalProperties': {
      const { properties = {} } = (atPointer(root, error.schemaPath) ?? {}) as {
        properties?: object;
      };
      const valid = Object.keys(properties);
      // Only of those that are answered it is worth the time to find what was meant.
      return error.params.additionalProperties.map((name, index) => ({
        pointer: pointer + pointerTo(name),
        detail: `unknown property "${name}"${index > MAX_ANSWERED ? '' : `; ${validNames(name, valid)}`}`,
      }));
    }
    case 'required':
      return error.params.requiredProperties.map((name) => ({
        pointer: pointer + pointerTo(name),
        detail: 'is required',
      }));
    case 'enum':
      return [{ pointer, detail: `must be one of ${error.params.allowedValues.join(', ')}` }];
    case 'pattern': {
      const text = PATTERN_TEXTS[String(error.params.pattern)];
      return [{ pointer, detail: text === undefined ? error.message : `must be ${text}` }];
    }
    case 'type': {
      const wanted = (atPointer(root, error.schemaPath) ?? {}) as TypedSchema;
      return [{ pointer, detail: typeProblem(wanted, atPointer(value, pointer)) }];
    }
    case 'minItems': {
      const { limit } = error.params;
      return [{ pointer, detail: `must have at least ${limit} ${limit === 1 ? 'item' : 'items'}` }];
    }
    default:
      return [{ pointer, detail: error.message }];
  }
}
