/** Redis names private to the control plane. Names shared with agents are in contracts. */

/** Sorted set, all scores 0: soak ids, whose order is their order of creation. */
export const SOAKS_KEY = 'oversoak:soaks';
/** Set: soaks whose cancel may not have reached every run. */
export const CANCELLING_KEY = 'oversoak:soaks:cancelling';
/** Sorted set: the next run of each soak that waits for agents; the score is its queue place. */
export const QUEUE_KEY = 'oversoak:queue';
/** Stream: reports that could not be processed, with their agents. */
export const DEAD_LETTERS_KEY = 'oversoak:reports:dead-letters';
/** Hash: name of a baseline → the baseline as JSON. */
export const BASELINES_KEY = 'oversoak:baselines';
/** Hash: id of an API token → the token as JSON, with the hash of its text. */
export const TOKENS_KEY = 'oversoak:tokens';
/** Hash: agent → its enrolment as JSON, with the hash of its Redis password. */
export const ENROLMENTS_KEY = 'oversoak:enrolments';
/** Hash: agent → how many identities it has had; also after its enrolment was revoked. */
export const GENERATIONS_KEY = 'oversoak:enrolments:generations';
/** String: the private key that signs jobs, sealed if there is a key for it. */
export const SIGNING_KEY_KEY = 'oversoak:signing-key';
/** Stream: changes, refused authentications and refused reports. */
export const AUDIT_KEY = 'oversoak:audit';
export const AUDIT_REFUSALS_KEY = 'oversoak:audit-refusals';
/**
 * Hash: `OWNER.runs` and `OWNER.bytes`, what the soaks of a token or a schedule hold of their quotas.
 */
export const QUOTAS_KEY = 'oversoak:quotas';
/** Set: active runs, which have left the queue and are not done. */
export const AT_WORK_KEY = 'oversoak:runs:at-work';
/** Set: draining agents, which accept no new runs. */
export const DRAINING_KEY = 'oversoak:agents:draining';
/** Sorted set: agents; the score is the time at which the reaper last saw them live. */
export const SEEN_KEY = 'oversoak:agents:seen';
/** Stream: every allocation and every freed slot, written in the same step. */
export const ALLOCATIONS_KEY = 'oversoak:allocations';
/** Hash: count of refused reports by reason. */
export const REFUSED_REPORTS_KEY = 'oversoak:reports:refused';
/** Prefix of contracts' `leaseKey` and `registrationKey`; `:reserved` is a set of slots. */
export const AGENT_PREFIX = 'oversoak:agent:';

/** Set: finished soaks whose notification is unconfirmed. */
export const ENDED_SOAKS_KEY = 'oversoak:soaks:ended';
/** Hash: verdict counts and latest figures of each cell, by soak name and cell. */
export const CELLS_KEY = 'oversoak:cells';
/** Hash: schedule → regressed figures and the trend they were computed from. */
export const REGRESSIONS_KEY = 'oversoak:regressions';
/** String with a time to live: the control plane that exports the cluster's metrics. */
export const METRICS_LEADER_KEY = 'oversoak:telemetry:leader';
/** String: start time of the cluster's cumulative metrics, in milliseconds. */
export const METRICS_SINCE_KEY = 'oversoak:telemetry:since';
/** Sorted set, all scores 0: names of schedules. */
export const SCHEDULES_KEY = 'oversoak:schedules';

/** String with a time to live: who may join as the agent, as JSON, with the hash of the token. */
export function joinKey(agentId: string): string {
  return `oversoak:join:${agentId}`;
}

export function soakKey(soakId: string): string {
  return `oversoak:soak:${soakId}`;
}

/** Sorted set: its unfinished runs, in order of execution. */
export function soakRunsKey(soakId: string): string {
  return `${soakKey(soakId)}:runs`;
}

/** Hash: fingerprint of an idempotent request and the soak it created. */
export function requestKey(key: string): string {
  return `oversoak:request:${key}`;
}

export const RUN_PREFIX = 'oversoak:run:';

export function runKey(runId: string): string {
  return `${RUN_PREFIX}${runId}`;
}

export function runEventsKey(runId: string): string {
  return `oversoak:run:${runId}:events`;
}

/** Hash: the first report of each kind and member, until the result includes them. */
export function runReportsKey(runId: string): string {
  return `oversoak:run:${runId}:reports`;
}

/** Stream: the field `sample` holds a Sample as JSON. */
export function runSamplesKey(runId: string): string {
  return `oversoak:run:${runId}:samples`;
}

export function runResultKey(runId: string): string {
  return `oversoak:run:${runId}:result`;
}

/** Staged data of an import; `name` is unique within the import. */
export function stageKey(importId: string, name: string): string {
  return `oversoak:import:${importId}:${name}`;
}

export function reservedKey(agentId: string): string {
  return `${AGENT_PREFIX}${agentId}:reserved`;
}

/** Hash: record, revision, tickedUntilMs, lastSoakId, nightsKept. */
export function scheduleKey(name: string): string {
  return `oversoak:schedule:${name}`;
}

/** Hash: entries of the history by tick; `TICK:webhook` is the state of its delivery. */
export function entriesKey(name: string): string {
  return `oversoak:schedule:${name}:entries`;
}

/** Sorted set: the ticks of the entries, by time. */
export function ticksKey(name: string): string {
  return `oversoak:schedule:${name}:ticks`;
}

/** Sorted set: the figures of its soaks; the score is the tick. */
export function nightsKey(name: string): string {
  return `oversoak:schedule:${name}:nights`;
}

/** Set: ticks whose soak is decided but not known to be submitted. */
export function pendingTicksKey(name: string): string {
  return `oversoak:schedule:${name}:pending`;
}
