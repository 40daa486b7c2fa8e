import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** What is wrong with one field. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the field; `` is the whole value. */
  pointer: string;
  /** For a person; names the valid values. */
  detail: string;
}

export type Validated<T> = { value: T } | { problems: Problem[] };

/**
 * Fills in the schema's defaults and checks the result. All problems of a value come at once, and
 * nothing of the input is changed.
 */
export function validate<S extends TSchema>(schema: S, input: unknown): Validated<Static<S>> {
  const value = Value.Default(schema, structuredClone(input));
  if (Value.Check(schema, value)) return { value: value as Static<S> };
  return { problems: Value.Errors(schema, value).flatMap((error) => problemsOf(schema, error)) };
}

type SchemaError = ReturnType<typeof Value.Errors>[number];

function problemsOf(schema: TSchema, error: SchemaError): Problem[] {
  const at = error.instancePath;
  switch (error.keyword) {
    case 'boolean':
      return []; // the other half of additionalProperties
    case 'additionalProperties': {
      const valid = Object.keys(schemaAt(schema, error.schemaPath)?.properties ?? {});
      return error.params.additionalProperties.map((name) => ({
        pointer: `${at}/${escapePointer(name)}`,
        detail: `unknown field; valid here: ${valid.join(', ')}`,
      }));
    }
    case 'required':
      return error.params.requiredProperties.map((name) => ({
        pointer: `${at}/${escapePointer(name)}`,
        detail: 'is required',
      }));
    case 'enum':
      return [
        {
          pointer: at,
          detail: `must be one of ${error.params.allowedValues.map(String).join(', ')}`,
        },
      ];
    default:
      return [{ pointer: at, detail: error.message }];
  }
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

interface WithProperties {
  properties?: Record<string, unknown>;
}

/** The part of a schema that a path like `#/properties/iocp` names. */
function schemaAt(schema: TSchema, path: string): WithProperties | undefined {
  let at: unknown = schema;
  for (const part of path.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return typeof at === 'object' && at !== null ? at : undefined;
}
