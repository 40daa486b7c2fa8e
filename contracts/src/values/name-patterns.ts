const NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';
export const BASELINE_NAME_PATTERN = NAME_PATTERN;
export const SCHEDULE_NAME_PATTERN = NAME_PATTERN;
/** Of a protocol description, and of its requests. */
export const PROTOCOL_NAME_PATTERN = NAME_PATTERN;

/** Of a library, without its folder. */
export const PLUGIN_FILE_PATTERN = '^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$';

export const SHA256_PATTERN = '^[0-9A-Fa-f]{64}$';

/** A C string ends at NUL. */
export const WITHOUT_NUL_PATTERN = '^[^\\u0000]*$';

export const SOAK_NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9 _.-]*$';
export const CONTENT_NAME_PATTERN = '^[a-z][a-z0-9-]{0,31}$';

/** Names of an agent's labels, in settings and in the placement of a soak. */
export const LABEL_NAME_PATTERN = '^[a-z0-9][a-z0-9_.-]*$';

/** How the ids of soaks begin. */
export const SOAK_PREFIX_PATTERN = '^soak-[0-9a-z]{0,26}$';
/** Part of a token that may be shown: it names the token and opens nothing. */
export const TOKEN_ID_PATTERN = '^[a-z0-9]{10}$';

export const HISTORY_CURSOR_PATTERN = '^\\d{1,15}$';
export const STREAM_CURSOR_PATTERN = '^\\d{1,15}-\\d{1,15}$';

export const HTTP_URL_PATTERN = '^https?://';
export const IP_ADDRESS_PATTERN = '^[0-9A-Fa-f:.]{2,45}$';
export const TARGET_PATTERN = '^[0-9A-Fa-f:./\\[\\]]{1,60}$';

/** What a text of each pattern is, for messages to people: completes "must be". */
export const PATTERN_TEXTS: Readonly<Record<string, string>> = {
  [NAME_PATTERN]: 'a lower-case letter, then up to 62 lower-case letters, digits and "-"',
  [PLUGIN_FILE_PATTERN]:
    'the name of a library without its folder: a letter, digit or "_", then up to 99 letters, digits, ".", "_" and "-"',
  [SHA256_PATTERN]: '64 hexadecimal digits',
  [SOAK_NAME_PATTERN]: 'a letter or digit, then letters, digits, spaces, "_", "." and "-"',
  [CONTENT_NAME_PATTERN]: 'a lower-case letter, then up to 31 lower-case letters, digits and "-"',
  [LABEL_NAME_PATTERN]:
    'a lower-case letter or digit, then lower-case letters, digits, "_", "." and "-"',
  [SOAK_PREFIX_PATTERN]:
    'the beginning of a soak\'s id: "soak-", then up to 26 digits and lower-case letters',
  [TOKEN_ID_PATTERN]: 'the id of a token, as "oversoak tokens list" and GET /v1/tokens show it',
  [HISTORY_CURSOR_PATTERN]: 'the nextCursor of a page',
  [STREAM_CURSOR_PATTERN]: 'the nextCursor of a page',
  [HTTP_URL_PATTERN]: 'a URL that begins with http:// or https://',
  [IP_ADDRESS_PATTERN]: 'an IPv4 or IPv6 address',
  [TARGET_PATTERN]: 'an IPv4 or IPv6 address with optional bits and port: "address[/bits][:port]"',
  [WITHOUT_NUL_PATTERN]: 'a text without the character NUL (U+0000)',
};
