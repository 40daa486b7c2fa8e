import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import type { Problem } from './problem.ts';
import { pointerTo } from './problem.ts';

/** All problems are wanted, not the first eight; a body at its size limit cannot hold more. */
Settings.Set({ maxErrors: 1000 });

/** The schema that a JSON-pointer fragment such as `#/properties/matrix` leads to. */
function schemaAt(root: TSchema, schemaPath: string): Record<string, unknown> {
  let schema: unknown = root;
  for (const segment of schemaPath.split('/').slice(1)) {
    const key = decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~');
    schema = (schema as Record<string, unknown> | undefined)?.[key];
  }
  return (schema ?? {}) as Record<string, unknown>;
}

function validNames(schema: Record<string, unknown>): string {
  return `valid: ${Object.keys((schema.properties ?? {}) as object).join(', ')}`;
}

function problemsOf(root: TSchema, error: TLocalizedValidationError): Problem[] {
  const pointer = error.instancePath;
  switch (error.keyword) {
    case 'boolean':
      // Said again, and better, by additionalProperties of the object around it.
      return [];
    case 'additionalProperties': {
      const valid = validNames(schemaAt(root, error.schemaPath));
      return error.params.additionalProperties.map((name) => ({
        pointer: pointer + pointerTo(name),
        detail: `unknown property "${name}"; ${valid}`,
      }));
    }
    case 'required':
      return error.params.requiredProperties.map((name) => ({
        pointer: pointer + pointerTo(name),
        detail: 'is required',
      }));
    case 'enum': {
      const detail = `must be one of ${error.params.allowedValues.join(', ')}`;
      return [{ pointer, detail }];
    }
    default:
      return [{ pointer, detail: error.message }];
  }
}

/** Everything that a schema has against a value; empty when it has nothing. */
export function schemaProblems(schema: TSchema, value: unknown): Problem[] {
  if (Value.Check(schema, value)) return [];
  const problems = Value.Errors(schema, value).flatMap((error) => problemsOf(schema, error));
  return problems.length > 0 ? problems : [{ pointer: '', detail: 'does not match the schema' }];
}
