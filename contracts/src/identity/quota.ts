/** What one token may hold of the cluster at a time, so that it cannot take all of it. */
export const QUOTAS = ['queued-runs', 'stored-bytes', 'streams', 'comparisons'] as const;
export type Quota = (typeof QUOTAS)[number];

/** The setting of the control plane that says how much of it a token has. */
export const QUOTA_SETTINGS = {
  'queued-runs': 'OVERSOAK_QUOTA_QUEUED_RUNS',
  'stored-bytes': 'OVERSOAK_QUOTA_STORED_MIB',
  streams: 'OVERSOAK_QUOTA_STREAMS',
  comparisons: 'OVERSOAK_QUOTA_COMPARISONS',
} as const satisfies Record<Quota, string>;
