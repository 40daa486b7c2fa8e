export const BASELINE_NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

export const SCHEDULE_NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

/** Of a protocol description, and of its requests. */
export const PROTOCOL_NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';
