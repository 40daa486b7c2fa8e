/** The role of a part in a run's gang. */
export const ROLES = ['server', 'fleet'] as const;
export type Role = (typeof ROLES)[number];
