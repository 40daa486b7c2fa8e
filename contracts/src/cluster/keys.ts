/** Redis names that several packages use. The control plane's own names are in its store. */

/** Prefix of all BullMQ keys. */
export const QUEUE_PREFIX = 'oversoak-bull';

/** The name in telemetry of the way from agents to the control plane: all their streams of reports. */
export const REPORTS_QUEUE = 'run-reports';

/** Queue from the control plane to one agent. */
export function agentQueue(agentId: string): string {
  return `agent-${agentId}`;
}

/** Set: ids of all agents that have ever registered. */
export const AGENTS_KEY = 'oversoak:agents';

/** String: an agent's registration as JSON. */
export function registrationKey(agentId: string): string {
  return `oversoak:agent:${agentId}:registration`;
}

/** String with a time to live: the incarnation that holds the lease. */
export function leaseKey(agentId: string): string {
  return `oversoak:agent:${agentId}:lease`;
}

/** Hash: name of a requested, unanswered probe → ProbeRequest as JSON. */
export function probeRequestsKey(agentId: string): string {
  return `oversoak:agent:${agentId}:probe-requests`;
}

/** Hash: name of a probe → its latest AgentProbeAnswer as JSON. */
export function probeAnswersKey(agentId: string): string {
  return `oversoak:agent:${agentId}:probe-answers`;
}

/** String: the incarnation that ended in an orderly way and is therefore not lost. */
export function stoppedKey(agentId: string): string {
  return `oversoak:agent:${agentId}:stopped`;
}

/** Default lease length in milliseconds. */
export const LEASE_MS = 10_000;

/**
 * Stream that this agent alone appends to, and the control plane empties: the field `report` holds a
 * Report as JSON.
 */
export function reportsKey(agentId: string): string {
  return `oversoak:agent:${agentId}:reports`;
}

/** Stream as above: the field `sample` holds a Sample as JSON. */
export function samplesKey(agentId: string): string {
  return `oversoak:agent:${agentId}:samples`;
}

/** Samples that wait for a control plane; beyond it the oldest go. Two hours of one part. */
export const WAITING_SAMPLES = 7_200;
