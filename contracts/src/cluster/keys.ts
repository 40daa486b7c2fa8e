/** Redis names that several packages use. The control plane's own names are in its store. */

/** Prefix of all BullMQ keys. */
export const QUEUE_PREFIX = 'oversoak-bull';

/** Queue from agents to the control plane. */
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

/** Hash: name of a requested, unanswered probe → ProbeAsk as JSON. */
export function probeAsksKey(agentId: string): string {
  return `oversoak:agent:${agentId}:probe-asks`;
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

/** Stream: the field `sample` holds a Sample as JSON. */
export function samplesKey(runId: string): string {
  return `oversoak:run:${runId}:samples`;
}

/**
 * Approximate stream length after trimming. Entries have 2.2 KB, so a run of any length uses at
 * most 45 MB. At one sample per second and part this covers 2.8 hours of a server and a fleet.
 * Verdicts use the windows, which are all kept.
 */
export const SAMPLES_MAX_LENGTH = 20_000;
