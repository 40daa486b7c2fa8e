/** The control plane's own names in Redis; those that agents use as well stand in contracts. */

/** Sorted set, all scores 0: soak ids, which sort by time. */
export const SOAKS_KEY = 'oversoak:soaks';
/** Counter: places of soaks in the queue. */
export const QUEUE_PLACE_KEY = 'oversoak:queue:place';
/** Sorted set: runs that wait, in the order in which they are to begin. */
export const QUEUE_KEY = 'oversoak:queue';
/** Set: runs that are not done. */
export const OPEN_RUNS_KEY = 'oversoak:runs:open';
/** Hash: reports that were refused, by reason. */
export const REFUSED_REPORTS_KEY = 'oversoak:reports:refused';
/** `leaseKey` and `registrationKey` of contracts begin like this; `:reserved` is a set of slots. */
export const AGENT_PREFIX = 'oversoak:agent:';

export function soakKey(soakId: string): string {
  return `oversoak:soak:${soakId}`;
}

/** Hash: what a request that names itself was and which soak it made. */
export function requestKey(key: string): string {
  return `oversoak:request:${key}`;
}

export function runKey(runId: string): string {
  return `oversoak:run:${runId}`;
}

export function runEventsKey(runId: string): string {
  return `oversoak:run:${runId}:events`;
}

/** Hash: the first report of each kind and member, until they are part of the result. */
export function runReportsKey(runId: string): string {
  return `oversoak:run:${runId}:reports`;
}

export function runResultKey(runId: string): string {
  return `oversoak:run:${runId}:result`;
}

/** What an import has brought so far; `name` is its own within the import. */
export function stageKey(importId: string, name: string): string {
  return `oversoak:import:${importId}:${name}`;
}

export function reservedKey(agentId: string): string {
  return `${AGENT_PREFIX}${agentId}:reserved`;
}
