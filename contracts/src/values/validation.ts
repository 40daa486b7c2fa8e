import type { Static, TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { atPointer } from './at-pointer.ts';
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

/** Report all problems, not only the first eight; a body at its size limit cannot have more. */
Settings.Set({ maxErrors: 1000 });

/** Applies the schema's defaults and validates the result; the input is not modified. */
export function validate<S extends TSchema>(schema: S, input: unknown): Validated<Static<S>> {
  const value: unknown = Value.Default(schema, structuredClone(input));
  const problems = schemaProblems(schema, value);
  return problems.length === 0 ? { value: value as Static<S> } : { problems };
}

/** All problems of a value under a schema; empty if it is valid. */
export function schemaProblems(schema: TSchema, value: unknown): Problem[] {
  if (Value.Check(schema, value)) return [];
  const { errors, valid } = withoutOtherBranches(schema, value, Value.Errors(schema, value));
  const problems = errors.flatMap((error) => {
    const detail = valid.get(error);
    return detail === undefined
      ? problemsOf(schema, value, error)
      : [{ pointer: error.instancePath, detail }];
  });
  return problems.length > 0 ? problems : [{ pointer: '', detail: 'does not match the schema' }];
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
      return error.params.additionalProperties.map((name) => ({
        pointer: pointer + pointerTo(name),
        detail: `unknown property "${name}"; ${validNames(name, valid)}`,
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
