export const BASELINE_NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

export const SCHEDULE_NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

/** Of a protocol description, and of its requests. */
export const PROTOCOL_NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

/** Of a library, without its folder. */
export const PLUGIN_FILE_PATTERN = '^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$';

export const SHA256_PATTERN = '^[0-9A-Fa-f]{64}$';
