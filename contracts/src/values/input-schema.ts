import type { TSchema } from 'typebox';

type JsonSchema = Record<string, unknown>;

/**
 * The schema of what a user writes: a field that has a default need not be there. TypeBox lists it as
 * required, because it always is once the defaults are filled in.
 */
export function inputSchema(schema: TSchema): JsonSchema {
  return relaxed(JSON.parse(JSON.stringify(schema))) as JsonSchema;
}

function relaxed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(relaxed);
  if (typeof node !== 'object' || node === null) return node;
  const { required, ...rest } = node as JsonSchema;
  // What a default or an example holds is a value, and no schema.
  const relaxedRest = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      name === 'default' || name === 'examples' ? value : relaxed(value),
    ]),
  );
  if (!Array.isArray(required)) {
    return required === undefined ? relaxedRest : { ...relaxedRest, required: relaxed(required) };
  }
  const properties = (rest.properties ?? {}) as Record<string, JsonSchema | undefined>;
  const needed = required.filter((name) => properties[name]?.default === undefined);
  return needed.length === 0 ? relaxedRest : { ...relaxedRest, required: needed };
}
