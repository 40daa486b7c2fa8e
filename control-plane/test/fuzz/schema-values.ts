import fc, { type Arbitrary } from 'fast-check';

/** What OpenAPI has of JSON schema, as far as our routes use it. */
export interface Schema {
  type?: 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  default?: unknown;
}

/** More makes requests slow and finds nothing else. */
const MAX_ITEMS = 4;
const MAX_CHARACTERS = 60;
/** Without a bound of its own: as far as numbers are whole. */
const FAR = Number.MAX_SAFE_INTEGER;

function strings({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema) {
  if (pattern === undefined) {
    const longest = Math.max(minLength, Math.min(maxLength, MAX_CHARACTERS));
    return fc.string({ minLength, maxLength: longest, unit: 'binary' });
  }
  // The length is the pattern's own, unless the schema says more: a filter that nothing passes never ends.
  return fc
    .stringMatching(new RegExp(pattern))
    .filter(({ length }) => length >= minLength && length <= maxLength);
}

function integers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema) {
  return fc.integer({
    min: Math.ceil(minimum ?? (exclusiveMinimum === undefined ? -FAR : exclusiveMinimum + 1)),
    max: Math.floor(maximum ?? (exclusiveMaximum === undefined ? FAR : exclusiveMaximum - 1)),
  });
}

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema) {
  return fc.double({
    min: minimum ?? exclusiveMinimum ?? -1e300,
    max: maximum ?? exclusiveMaximum ?? 1e300,
    minExcluded: minimum === undefined && exclusiveMinimum !== undefined,
    maxExcluded: maximum === undefined && exclusiveMaximum !== undefined,
    noNaN: true,
  });
}

function arrays({ items = {}, minItems = 0, maxItems = MAX_ITEMS, uniqueItems }: Schema) {
  const lengths = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 4)) };
  const values = valuesOf(items);
  return uniqueItems
    ? fc.uniqueArray(values, { ...lengths, selector: (value) => JSON.stringify(value) })
    : fc.array(values, lengths);
}

function objects({ properties = {}, required = [], additionalProperties }: Schema) {
  const known = Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema)]);
  // What has a default need not be there, whatever `required` says of it once it is filled in.
  const requiredKeys = required.filter((name) => properties[name]?.default === undefined);
  const record = fc.record(Object.fromEntries(known) as Record<string, Arbitrary<unknown>>, {
    requiredKeys,
  });
  if (typeof additionalProperties !== 'object') return record;
  const others = fc.dictionary(fc.string({ maxLength: 20 }), valuesOf(additionalProperties), {
    maxKeys: MAX_ITEMS,
  });
  return fc.tuple(record, others).map(([named, more]) => ({ ...more, ...named }));
}

/** Values that the schema allows, or nearly: what no keyword says is not kept to. */
export function valuesOf(schema: Schema): Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'string':
      return strings(schema);
    case 'integer':
      return integers(schema);
    case 'number':
      return numbers(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrays(schema);
    case 'object':
      return objects(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** Of this many properties about one is not as in the example. */
const ONE_IN = 40;

/**
 * Values like an example, with something else that the schema allows here and there. `exampleOf`
 * may know a better example for a part of it, and answers undefined where it does not.
 */
export function valuesNear(
  schema: Schema,
  exampleOf: (schema: Schema) => unknown,
  example: unknown = exampleOf(schema),
): Arbitrary<unknown> {
  if (example === undefined && schema.type !== 'object') return valuesOf(schema);
  if (schema.type !== 'object' || schema.properties === undefined) {
    const anything = { arbitrary: valuesOf(schema), weight: 1 };
    return fc.oneof({ arbitrary: fc.constant(example), weight: ONE_IN }, anything);
  }
  const given = (example ?? {}) as Record<string, unknown>;
  const needed = (name: string) =>
    example === undefined && schema.required?.includes(name) === true;
  const near = Object.entries(schema.properties).map(([name, part]) => {
    const known = given[name] ?? exampleOf(part);
    const present = known !== undefined || needed(name);
    if (present) return [name, valuesNear(part, exampleOf, known)];
    const absent = { arbitrary: fc.constant(undefined), weight: ONE_IN };
    return [name, fc.oneof(absent, { arbitrary: valuesOf(part), weight: 1 })];
  });
  return fc.record(Object.fromEntries(near) as Record<string, Arbitrary<unknown>>);
}
