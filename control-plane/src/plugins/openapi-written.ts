import { inputSchema } from '@oversoak/contracts';
import type { TSchema } from 'typebox';

/**
 * The schema of what a user writes, for OpenAPI: defaults stand in the descriptions. Generators of
 * clients (openapi-typescript) take a field that has a default for one that is always there.
 */
export function writtenSchema(schema: TSchema): TSchema {
  return described(inputSchema(schema)) as TSchema;
}

function described(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(described);
  const { default: preset, ...rest } = node as Record<string, unknown>;
  const schema = Object.fromEntries(
    // An example is a value, and no schema.
    Object.entries(rest).map(([name, part]) => [
      name,
      name === 'examples' ? part : described(part),
    ]),
  );
  // A name in `properties` may be "default", too.
  if (isSchema(preset)) return { ...schema, default: described(preset) };
  if (preset === undefined || JSON.stringify(preset) === '{}') return schema;
  const text = `default: ${JSON.stringify(preset)}`;
  const { description } = schema;
  return { ...schema, description: description === undefined ? text : `${description}; ${text}` };
}

const isSchema = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('type' in value || 'anyOf' in value);
