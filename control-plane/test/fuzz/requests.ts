import fc, { type Arbitrary } from 'fast-check';
import { type Schema, valuesNear, valuesOf } from './schema-values.ts';

interface Media {
  schema?: Schema;
}

export interface Operation {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; schema: Schema }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

/** The part of an OpenAPI document that is used here. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

/** A path's parameter: the n-th known value of that name, or text that is put in as it is. */
type PathValue = { known: number } | { text: string };

export interface FuzzedRequest {
  method: string;
  /** As the document has it. */
  path: string;
  values: Record<string, PathValue>;
  query: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

/** Bodies that a route accepts and no schema describes, by media type. */
export interface Examples {
  /** A value that fits the schema, undefined where none is known. */
  ofSchema(schema: Schema): unknown;
  /** A whole body of this type; `seed` makes it one of its own. */
  ofType: Record<string, (seed: number) => Buffer>;
}

const NASTY_TEXTS = [
  '',
  '%',
  '%zz',
  '%00',
  '%2e%2e%2f%2e%2e',
  '..',
  'a/b',
  '//',
  '%C0%80',
  '%E0%A4%A',
  '%ud800',
  '__proto__',
  'constructor',
  'null',
  '-1',
  '*',
  '{}',
  "';--",
  'ü'.repeat(40),
  'x'.repeat(101),
  'x'.repeat(5000),
];

const NASTY_HEADERS: [string, string[]][] = [
  ['if-match', ['*', '""', 'W/"1"', '"1', '"\\', 'x'.repeat(2000), '1, 2', '"0"', '"-1"', '"1e9"']],
  ['if-none-match', ['*', 'W/"1"', 'x', '"1"']],
  [
    'last-event-id',
    ['', '0-0_0-0', '1-1', 'x', '99999999999999999999-0_0-0', '0-0_999999999999999-0'],
  ],
  ['idempotency-key', ['', 'key-1', 'key-2', '__proto__', ':', 'x'.repeat(300), '\u00e9']],
  [
    'accept',
    ['text/csv', 'text/markdown', '*/*;q=2', 'text/event-stream', '', ';', 'x'.repeat(500)],
  ],
  ['accept-encoding', ['gzip', 'gzip;q=0', 'br', '*', 'identity;q=0', ';;;']],
  ['content-encoding', ['gzip', 'br', 'x']],
  ['content-length', ['0', '5', '-1', '1e3', 'x', '99999999999999999999']],
  ['transfer-encoding', ['chunked', 'gzip', 'x']],
  [
    'authorization',
    ['', 'Bearer', 'Bearer ', 'Bearer wrong', 'Basic eDp5', 'bearer x', 'x'.repeat(3000)],
  ],
  ['origin', ['null', 'http://x']],
  ['range', ['bytes=0-1', 'bytes=9-1']],
  ['x-forwarded-for', ['::1', "'"]],
];

const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/json;',
  'application/x-www-form-urlencoded',
  'application/xml',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/yaml',
  'application/x-ndjson',
  'application/gzip',
  'application/merge-patch+json',
  'a',
  '/',
  ';',
];

const deep = (open: string, inner: string, close: string, times: number) =>
  open.repeat(times) + inner + close.repeat(times);

const NASTY_BODIES: (string | Buffer)[] = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '""',
  '[]',
  '{}',
  '{"__proto__": {"polluted": true}}',
  '{"constructor": {"prototype": {"polluted": true}}}',
  '{"name": "x", "name": "y"}',
  '\ufeff{}',
  '{"a": 1e999, "b": -1e-999, "c": 123456789012345678901234567890}',
  '{"a": "\\ud800", "b": "\\u0000"}',
  "{'a': 1}",
  '{"a": 1,}',
  '{"a": NaN}',
  deep('[', '', ']', 20_000),
  deep('{"a":', '1', '}', 20_000),
  deep('- ', 'x', '', 5_000),
  'a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]',
  'a: &a [*a]',
  'a: *b',
  '? [a, b]\n: c',
  '!!js/function x',
  '!!binary "x"',
  '!!set {a, b}',
  '2026-01-01',
  'a: .nan\nb: .inf\nc: 0x10\nd: 0o7\ne: ~',
  '<<: {a: 1}\nb: 2',
  '--- a\n--- b\n',
  '%YAML 9.9\n---\na: 1',
  '\t: x',
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  Buffer.from([0x22, 0xc3, 0x28, 0x22]),
  Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00]),
  Buffer.alloc(1000, 0),
  `"${'x'.repeat(300_000)}"`,
];

export const NASTY_VALUES: unknown[] = [
  null,
  true,
  '',
  -1,
  -0,
  0.1,
  1e308,
  Number.MIN_VALUE,
  2 ** 53,
  'x'.repeat(3000),
  '\u0000',
  '\ud800',
  '\u202e\u{1f4a3}',
  '__proto__',
  [],
  {},
  [[[[[[]]]]]],
  JSON.parse('{"__proto__": {"x": 1}}'),
  { toString: 1, constructor: 2, length: -1 },
  Array.from({ length: 2000 }, (_, at) => at),
];

/** The value with another at one place of it; `place` chooses. */
export function withNasty(value: unknown, place: number, nasty: unknown): unknown {
  if (value === null || typeof value !== 'object' || place % 7 === 6) return nasty;
  const names = Object.keys(value);
  const name = names[place % (names.length + 1)];
  const rest = Math.floor(place / (names.length + 1));
  if (name === undefined) {
    if (Array.isArray(value)) return [...value, nasty];
    // Not by assignment, which would set the prototype.
    return JSON.parse(
      `${JSON.stringify({ ...value, '%': nasty ?? null }).replace('"%"', '"__proto__"')}`,
    );
  }
  const changed = withNasty((value as Record<string, unknown>)[name], rest, nasty);
  if (Array.isArray(value)) return value.map((item, at) => (String(at) === name ? changed : item));
  return Object.fromEntries([
    ...Object.entries(value).filter(([other]) => other !== name),
    [name, changed],
  ]);
}

type ByteChange = { at: number; byte: number; kind: 'set' | 'insert' | 'cut' };

const byteChange: Arbitrary<ByteChange> = fc.record({
  at: fc.nat(),
  byte: fc.integer({ min: 0, max: 255 }),
  kind: fc.constantFrom('set', 'insert', 'cut'),
});

export function withChangedBytes(bytes: Buffer, changes: readonly ByteChange[]): Buffer {
  return changes.reduce((before, { at, byte, kind }) => {
    const place = before.length === 0 ? 0 : at % before.length;
    if (kind === 'cut') return before.subarray(0, place);
    const after = before.subarray(kind === 'set' ? place + 1 : place);
    return Buffer.concat([before.subarray(0, place), Buffer.from([byte]), after]);
  }, bytes);
}

export const changedBytes = (bytes: Arbitrary<Buffer>, most = 6): Arbitrary<Buffer> =>
  fc
    .tuple(bytes, fc.array(byteChange, { minLength: 1, maxLength: most }))
    .map(([before, changes]) => withChangedBytes(before, changes));

const json = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '');

function bodies(type: string, schema: Schema, examples: Examples): Arbitrary<Buffer> {
  const nasty = fc.constantFrom(...NASTY_BODIES).map((body) => Buffer.from(body as string));
  const whole = examples.ofType[type];
  if (whole !== undefined) {
    const good = fc.nat({ max: 1_000_000 }).map(whole);
    return fc.oneof(
      { arbitrary: good, weight: 4 },
      { arbitrary: changedBytes(good), weight: 4 },
      { arbitrary: nasty, weight: 1 },
    );
  }
  const near = valuesNear(schema, examples.ofSchema);
  const spoilt = fc
    .tuple(near, fc.nat(), fc.constantFrom(...NASTY_VALUES))
    .map(([value, place, bad]) => withNasty(value, place, bad));
  return fc.oneof(
    { arbitrary: near.map(json), weight: 20 },
    { arbitrary: valuesOf(schema).map(json), weight: 2 },
    { arbitrary: spoilt.map(json), weight: 3 },
    { arbitrary: changedBytes(near.map(json)), weight: 3 },
    { arbitrary: nasty, weight: 2 },
  );
}

const sometimes = <T>(usual: Arbitrary<T>, unusual: Arbitrary<T>, oneIn = 8) =>
  fc.oneof({ arbitrary: usual, weight: oneIn - 1 }, { arbitrary: unusual, weight: 1 });

const nastyHeaders = fc
  .array(
    fc
      .constantFrom(...NASTY_HEADERS)
      .chain(([name, values]) =>
        fc
          .oneof(fc.constantFrom(...values), fc.string({ maxLength: 20 }))
          .map((value) => [name, value]),
      ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pairs) => Object.fromEntries(pairs) as Record<string, string>);

function queries(operation: Operation): Arbitrary<string> {
  const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const values = fc.record(
    Object.fromEntries(declared.map(({ name, schema }) => [name, valuesOf(schema)])),
    { requiredKeys: [] },
  );
  const text = (named: Record<string, unknown>) =>
    new URLSearchParams(
      Object.entries(named).map(([name, value]): [string, string] => [name, String(value)]),
    );
  const wrong = fc
    .array(
      fc.tuple(
        fc.constantFrom(...declared.map(({ name }) => name), 'x', '__proto__', 'a[b]', ''),
        fc.constantFrom(...NASTY_TEXTS, '1', '1e3', '0x10', ' ', '99999999999999999999'),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));
  return sometimes(
    values.map((named) => text(named).toString().replaceAll('\0', '')),
    wrong,
    4,
  );
}

function pathValues(operation: Operation): Arbitrary<Record<string, PathValue>> {
  const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
  const one = (schema: Schema): Arbitrary<PathValue> => {
    const text = (value: unknown) => ({ text: encodeURIComponent(String(value).toWellFormed()) });
    return fc.oneof(
      { arbitrary: fc.record({ known: fc.nat({ max: 500 }) }), weight: 8 },
      { arbitrary: valuesOf(schema).map(text), weight: 2 },
      { arbitrary: fc.record({ text: fc.constantFrom(...NASTY_TEXTS) }), weight: 2 },
    );
  };
  return fc.record(Object.fromEntries(declared.map(({ name, schema }) => [name, one(schema)])));
}

function requestsOf(
  path: string,
  method: string,
  operation: Operation,
  authorization: string,
  examples: Examples,
): Arbitrary<FuzzedRequest> {
  const content = Object.entries(operation.requestBody?.content ?? {});
  const withBody = content.map(([type, { schema = {} }]) =>
    fc.record({ type: fc.constant(type), body: bodies(type, schema, examples) }),
  );
  const none = fc.constant({ type: null, body: null });
  const stray = fc.record({
    type: fc.constantFrom(...CONTENT_TYPES),
    body: fc.constantFrom(...NASTY_BODIES).map((body) => Buffer.from(body as string)),
  });
  type Sent = { type: string | null; body: Buffer | null };
  const sent = sometimes<Sent>(withBody.length > 0 ? fc.oneof(...withBody) : none, stray, 12);
  return fc
    .record({
      values: pathValues(operation),
      query: queries(operation),
      sent,
      type: sometimes(fc.constant<string | null>(null), fc.constantFrom(...CONTENT_TYPES), 25),
      more: sometimes(fc.constant<Record<string, string>>({}), nastyHeaders, 5),
    })
    .map(({ values, query, sent: { type: sentType, body }, type, more }) => ({
      method: method.toUpperCase(),
      path,
      values,
      query,
      headers: {
        authorization,
        ...(body === null ? {} : { 'content-type': type ?? sentType ?? 'a' }),
        ...more,
      },
      body,
    }));
}

/** How often an operation is called. An import is slow: it starts a process of its own. */
function weightOf(path: string, { requestBody }: Operation): number {
  if (path.endsWith('/import')) return 4;
  return requestBody === undefined ? 6 : 9;
}

/** Requests to everything in the document, and to what is not in it. Bodies come more often. */
export function requests(
  { paths }: OpenApi,
  authorization: string,
  examples: Examples,
): Arbitrary<FuzzedRequest> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      arbitrary: requestsOf(path, method, operation, authorization, examples),
      weight: weightOf(path, operation),
    })),
  );
  const bare: Operation = { responses: {} };
  const elsewhere = fc
    .tuple(
      fc.constantFrom(
        ...Object.keys(paths),
        '/',
        '/v1',
        '/docs/json',
        '/docs/../v1/soaks',
        '/v1//',
      ),
      fc.constantFrom('get', 'head', 'post', 'put', 'patch', 'delete', 'options'),
    )
    .chain(([path, method]) => requestsOf(path, method, bare, authorization, examples));
  return fc.oneof(...operations, { arbitrary: elsewhere, weight: 6 });
}

/** The address of a request; `known` has the values of earlier answers. */
export function urlOf(
  { path, values, query }: FuzzedRequest,
  known: ReadonlyMap<string, readonly string[]>,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? { text: 'none' };
    if ('text' in value) return value.text;
    const list = known.get(name) ?? [];
    return encodeURIComponent(list[value.known % Math.max(1, list.length)] ?? 'none');
  });
  return query === '' ? filled : `${filled}?${query}`;
}
