import * as contracts from '@oversoak/contracts';
import type { TSchema } from 'typebox';
import { writtenSchema } from './openapi-written.ts';
import { ProblemDetails } from './problems.ts';

type Json = Record<string, unknown>;

/** What a user writes has the plain name; with its defaults filled in it is a `Complete…`. */
const WRITTEN: Record<string, TSchema> = {
  SoakSpec: contracts.SoakSpec,
  ScheduleInput: contracts.ScheduleInput,
  TokenRequest: contracts.TokenRequest,
  BaselineRequest: contracts.BaselineRequest,
  EnrolmentRequest: contracts.EnrolmentRequest,
  ProbesRequest: contracts.ProbesRequest,
};

/** Names that say more than those of the exports. */
const NAMES: Record<string, string> = {
  CellSchema: 'Cell',
  ListedAgent: 'Agent',
  ApiToken: 'Token',
};

const isObjectSchema = (value: unknown): value is TSchema =>
  typeof value === 'object' && value !== null && 'properties' in value;

/** Every schema with a name of its own, by the name of its component. */
function namedSchemas(): Map<string, unknown> {
  const named = new Map<string, unknown>([['Problem', ProblemDetails]]);
  for (const [name, schema] of Object.entries(contracts)) {
    if (!isObjectSchema(schema)) continue;
    // Where nothing has a default the two are the same; the later name counts.
    if (name in WRITTEN) named.set(`Complete${name}`, schema).set(name, writtenSchema(schema));
    else named.set(NAMES[name] ?? name, schema);
  }
  return named;
}

/** As @fastify/swagger writes it: a record has additional properties, a constant is an enumeration. */
function asDocumented(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(asDocumented);
  const { patternProperties, ...rest }: Json = Object.fromEntries(
    Object.entries(node).map(([field, value]) => [field, asDocumented(value)]),
  );
  const { const: constant, ...others } = rest;
  const schema = constant === undefined ? rest : { ...others, enum: [constant] };
  if (typeof patternProperties !== 'object' || patternProperties === null) return schema;
  return { ...schema, additionalProperties: Object.values(patternProperties)[0] };
}

/**
 * The document with each schema that has a name in one place, `components.schemas`, and a reference
 * everywhere else.
 */
export function withComponents<D extends { components?: object }>(document: D): D {
  const nameOf = new Map<string, string>();
  const definitions = new Map<string, unknown>();
  for (const [name, schema] of namedSchemas()) {
    const documented = asDocumented(schema) as Json;
    // @fastify/swagger moves the example of a body out of its schema.
    const { examples: _, ...bare } = documented;
    nameOf.set(JSON.stringify(documented), name).set(JSON.stringify(bare), name);
    // The example is one of what a user writes.
    definitions.set(name, name.startsWith('Complete') ? bare : documented);
  }
  const schemas: Json = {};
  const moved = (node: unknown, isRoot = false): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map((one) => moved(one));
    const name = isRoot ? undefined : nameOf.get(JSON.stringify(node));
    if (name === undefined) {
      return Object.fromEntries(
        Object.entries(node).map(([field, value]) => [
          field,
          // An example is a value, and no schema.
          field === 'examples' || field === 'default' ? value : moved(value),
        ]),
      );
    }
    schemas[name] ??= moved(definitions.get(name), true);
    return { $ref: `#/components/schemas/${name}` };
  };
  const rest = moved(document) as D;
  const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...rest, components: { ...rest.components, schemas: Object.fromEntries(sorted) } };
}
