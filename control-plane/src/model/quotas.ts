import { QUOTA_SETTINGS, type Quota, SETTINGS } from '@oversoak/contracts';

/** What each token may hold at a time; the soaks of a schedule count for the schedule. */
export interface Quotas {
  /** Runs that are not done. */
  queuedRuns: number;
  /** Of its soaks: specs, runs and results, until retention deletes them. */
  storedBytes: number;
  /** Event streams that are open. */
  streams: number;
  /** Comparisons that are being computed, or wait for it. */
  comparisons: number;
}

const MIB = 2 ** 20;

export const DEFAULT_QUOTAS: Quotas = {
  queuedRuns: SETTINGS.OVERSOAK_QUOTA_QUEUED_RUNS.default,
  storedBytes: SETTINGS.OVERSOAK_QUOTA_STORED_MIB.default * MIB,
  streams: SETTINGS.OVERSOAK_QUOTA_STREAMS.default,
  comparisons: SETTINGS.OVERSOAK_QUOTA_COMPARISONS.default,
};

/** A quota that a request would exceed. */
export interface OverQuota {
  quota: Quota;
  detail: string;
}

/** Pure: the refusal of a request that needs `more` where `used` of `most` are taken. */
export function overQuota(quota: Quota, used: number, more: number, most: number): OverQuota {
  const inUnits = quota === 'stored-bytes' ? mebibytes : String;
  const has = `${inUnits(used)} of ${inUnits(most)}`;
  return {
    quota,
    detail: `quota ${quota}: ${has} are taken, and this needs ${inUnits(more)} more; the limit is ${QUOTA_SETTINGS[quota]} of the control plane`,
  };
}

const mebibytes = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
