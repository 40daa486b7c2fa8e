/** Names in Redis that more than one package uses; the control plane's own stand with its store. */

/** Prefix of every BullMQ key. */
export const QUEUE_PREFIX = 'oversoak-bull';

/** Agents → control plane. */
export const REPORTS_QUEUE = 'run-reports';

/** Control plane → one agent. */
export function agentQueue(agentId: string): string {
  return `agent-${agentId}`;
}

/** Set of the ids of all agents that ever registered. */
export const AGENTS_KEY = 'oversoak:agents';

/** String: the registration of an agent as JSON. */
export function registrationKey(agentId: string): string {
  return `oversoak:agent:${agentId}:registration`;
}

/** String with a time to live: the incarnation that holds the lease. */
export function leaseKey(agentId: string): string {
  return `oversoak:agent:${agentId}:lease`;
}

/** Hash: name of a probe that is asked and not answered → ProbeAsk as JSON. */
export function probeAsksKey(agentId: string): string {
  return `oversoak:agent:${agentId}:probe-asks`;
}

/** Hash: name of a probe → its latest AgentProbeAnswer as JSON. */
export function probeAnswersKey(agentId: string): string {
  return `oversoak:agent:${agentId}:probe-answers`;
}

/** String: the incarnation that was ended in order, and so is not lost. */
export function stoppedKey(agentId: string): string {
  return `oversoak:agent:${agentId}:stopped`;
}

/** Unless an agent is told otherwise. */
export const LEASE_MS = 10_000;

/** Stream: field `sample` holds a Sample as JSON. */
export function samplesKey(runId: string): string {
  return `oversoak:run:${runId}:samples`;
}

/**
 * A stream is trimmed to about this many entries, of 2.2 KB each: 45 MB a run, however long. One a
 * second and part: 2.8 hours of a server and a fleet. Verdicts rest on the windows, which all stay.
 */
export const SAMPLES_MAX_LENGTH = 20_000;
