/** What a token of the API allows, from the least to the most; each includes those before it. */
export const ACCESS_ROLES = ['reader', 'operator', 'admin'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** Pure: whether the holder of `held` may do what needs `needed`. */
export function includesRole(held: AccessRole, needed: AccessRole): boolean {
  return ACCESS_ROLES.indexOf(held) >= ACCESS_ROLES.indexOf(needed);
}
