import { type Static, type TSchema, Type } from 'typebox';
import { MAX_PLUGINS, readAllowedPlugin } from '../options/plugin.ts';
import { IPV4_PATTERN, isAddress, readAllowedTarget } from '../options/target.ts';
import { entriesOf, LABELS_TEXT, labelsText, readLabels, repeatedLabel } from './text-list.ts';

/** How the text of a variable and its typed value belong together. */
export interface Kind<S extends TSchema = TSchema> {
  /** Of the typed value: its type and range. */
  schema: S;
  /** Completes "must be ..."; the column "value" of the reference. */
  valid: string;
  /** What the schema then checks; null where the text does not have the form. */
  parse(text: string): unknown;
  /** The reverse: a default as the text of a variable. */
  format(value: Static<S>): string;
  /** What an error names in place of a valid text; null where it must not be shown. */
  found(text: string): string | null;
  secret: boolean;
}

const quoted = (text: string) => `"${text}"`;

/** A text that is its own value. */
function verbatim<S extends TSchema>(schema: S, valid: string): Kind<S> {
  return { schema, valid, parse: (text) => text, format: String, found: quoted, secret: false };
}

export function wholeNumber(minimum: number, maximum: number) {
  const valid = `a whole number from ${minimum} to ${maximum}`;
  return {
    ...verbatim(Type.Integer({ minimum, maximum }), valid),
    // "1e3", " 1 " and "0x10" would be numbers to JavaScript.
    parse: (text: string) => (/^\d+$/.test(text) ? Number(text) : null),
  };
}

export const FLAG = {
  ...verbatim(Type.Boolean(), '0 or 1'),
  parse: (text: string) => (text === '0' || text === '1' ? text === '1' : null),
  format: (value: boolean) => (value ? '1' : '0'),
};

/** As OpenTelemetry specifies it: every other text is false. */
export const TRUE_OR_FALSE = {
  ...verbatim(Type.Boolean(), 'true or false'),
  parse: (text: string) => text.toLowerCase() === 'true',
};

export function oneOf<const V extends string>(values: readonly V[]) {
  return verbatim(Type.Enum([...values]), `one of ${values.join(', ')}`);
}

export function matching(pattern: string, valid: string) {
  return verbatim(Type.String({ pattern }), valid);
}

export const ANY_TEXT = verbatim(Type.String(), 'any text');
export const NOT_BLANK = matching('\\S', 'a text that is not empty');

export const SECRET = { ...NOT_BLANK, found: () => null, secret: true };
export const IPV4_ADDRESS = matching(`^${IPV4_PATTERN}$`, 'an IPv4 address');

export const IP_ADDRESS = verbatim(
  Type.Refine(Type.String(), (text) => isAddress(text)),
  'an IPv4 address, or an IPv6 address without brackets and zone',
);

const withProtocol = (protocols: readonly string[]) =>
  Type.Refine(
    Type.String(),
    (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
  );

export const HTTP_URL = verbatim(withProtocol(['http:', 'https:']), 'an http:// or https:// URL');

/** Secret, because it contains the password of Redis. */
export const REDIS_URL = {
  ...verbatim(withProtocol(['redis:', 'rediss:']), 'a redis:// or rediss:// URL'),
  found: () => null,
  secret: true,
};

export function secretOfLength(minLength: number) {
  return {
    ...verbatim(Type.String({ minLength }), `at least ${minLength} characters long`),
    found: (text: string) => String(text.length),
    secret: true,
  };
}

export const PASSWORD = {
  ...matching('^[A-Za-z0-9]+$', 'letters and digits'),
  found: () => null,
  secret: true,
};

/** An empty text allows none. */
export const TARGET_LIST = {
  ...verbatim(
    Type.Array(Type.Refine(Type.String(), (text) => readAllowedTarget(text) !== undefined)),
    '"address[/bits][:port],..." with addresses like 10.0.0.0/8:7000, fd00::/8 or [fd00::1]:7000',
  ),
  parse: entriesOf,
  format: (targets: readonly string[]) => targets.join(','),
  found: (text: string) =>
    quoted(entriesOf(text).find((entry) => readAllowedTarget(entry) === undefined) ?? text),
};

/** An empty text allows none. */
export const PLUGIN_LIST = {
  ...verbatim(
    Type.Array(
      Type.Refine(Type.String(), (text) => readAllowedPlugin(text) !== undefined),
      {
        maxItems: MAX_PLUGINS,
      },
    ),
    '"path=sha256,path=sha256": absolute paths without commas, whose last part has letters, digits, ".", "_" and "-", with the 64 hexadecimal digits of the hash',
  ),
  parse: entriesOf,
  format: (plugins: readonly string[]) => plugins.join(','),
  found: (text: string) =>
    quoted(entriesOf(text).find((entry) => readAllowedPlugin(entry) === undefined) ?? text),
};

/** The first key seals new values; all of them open existing ones. */
export const KEY_LIST = {
  ...verbatim(
    Type.Array(Type.String({ pattern: '^[A-Za-z0-9]{32,}$' }), { minItems: 1 }),
    'one or more keys of 32 or more letters and digits, separated by commas',
  ),
  parse: entriesOf,
  format: (keys: readonly string[]) => keys.join(','),
  found: () => null,
  secret: true,
};

/** Entries of which each is one of `values`; an empty text has none. */
export function someOf<const V extends string>(values: readonly V[]) {
  return {
    ...verbatim(Type.Array(Type.Enum([...values])), `some of ${values.join(', ')}, with commas`),
    parse: entriesOf,
    format: (some: readonly V[]) => some.join(','),
  };
}

const ENDPOINT = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$/;

function isEndpoint(text: string): boolean {
  const port = Number(ENDPOINT.exec(text)?.[1]);
  return port >= 1 && port <= 65_535;
}

export const ENDPOINT_LIST = {
  ...verbatim(
    Type.Array(Type.Refine(Type.String(), isEndpoint)),
    '"host:port,host:port", an IPv6 address in brackets',
  ),
  parse: entriesOf,
  format: (endpoints: readonly string[]) => endpoints.join(','),
};

export const LABELS = {
  ...verbatim(Type.Record(Type.String(), Type.String()), LABELS_TEXT),
  parse: readLabels,
  format: labelsText,
  found: (text: string) => {
    const repeated = repeatedLabel(text);
    return repeated === undefined ? quoted(text) : `"${repeated}" twice`;
  },
};
