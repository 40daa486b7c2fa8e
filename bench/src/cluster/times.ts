import { quantile } from 'simple-statistics';

export interface Times {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** All 0 of nothing. */
export function timesOf(ms: readonly number[]): Times {
  const [p50Ms = 0, p99Ms = 0, maxMs = 0] =
    ms.length === 0 ? [] : quantile([...ms], [0.5, 0.99, 1]);
  return { p50Ms, p99Ms, maxMs };
}
