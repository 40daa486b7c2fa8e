// Apart from validation.ts, because the words for types have a test of their own.

/** As much of a schema as its text needs. */
export interface TypedSchema {
  type?: string;
  properties?: object;
  items?: TypedSchema;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/** A longer text is not repeated: it is in the file. */
const MAX_TEXT = 40;

/** What must stand in the place of a value of another type, and how it is written if that is near. */
export function typeProblem(schema: TypedSchema, given: unknown): string {
  const { type = '', properties } = schema;
  const wanted = TYPES[type] ?? type;
  const names = Object.keys(properties ?? {});
  const fields = names.length === 0 ? '' : ` with ${names.join(', ')}`;
  return `must be ${wanted}${fields}, not ${givenText(given)}${remedy(schema, given)}`;
}

function givenText(given: unknown): string {
  if (given === null) return 'empty (null)';
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'object') return 'an object';
  if (typeof given !== 'string') return String(given);
  return given.length > MAX_TEXT ? 'a text' : `the text ${JSON.stringify(given)}`;
}

function remedy({ type, items }: TypedSchema, given: unknown): string {
  const isScalar = typeof given === 'number' || typeof given === 'string';
  if (!isScalar || String(given).length > MAX_TEXT) return '';
  if (type === 'array' && items?.type === 'object') return '';
  if (type === 'array') return `: write [${JSON.stringify(given)}]`;
  if (type === 'string') return `: write "${given}"`;
  const isNumber = typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given);
  return isNumber && (type === 'number' || type === 'integer') ? `: write ${given}` : '';
}
