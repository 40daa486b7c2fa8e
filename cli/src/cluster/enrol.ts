import { setTimeout as delay } from 'node:timers/promises';
import { writeIdentity } from '@oversoak/agent/identity/identity-file';
import { LEASE_MS, type ListedAgent } from '@oversoak/contracts';
import { type ApiAddress, ApiClient } from '../api/client.ts';
import { join } from '../api/join.ts';
import { ApiRefused, isOverloaded } from '../api/problem.ts';
import { CannotRun } from '../shell/failure.ts';
import { READY_MS } from './child.ts';

/** What an agent of a cluster that was killed may still hold. */
const LEASE_ENDS_MS = LEASE_MS + 5_000;
const POLL_MS = 250;

export interface EnrolOptions {
  api: ApiAddress;
  agentId: string;
  address: string;
  targets: string[];
  /** Where its identity goes. */
  file: string;
  signal: AbortSignal;
}

/**
 * Lets an agent of the embedded cluster join it as any other does. Returns why that is not possible
 * with this Redis, or null.
 */
export async function enrol(options: EnrolOptions): Promise<string | null> {
  const { api, agentId, address, targets, file, signal } = options;
  const client = new ApiClient(api);
  const asked = <T>(ask: () => Promise<T>) => unlessOverloaded(ask, signal);
  await untilFree(() => asked(() => client.agents(signal)), agentId, signal);
  try {
    // A Redis that was given may know the agents of an earlier cluster.
    const known = await asked(() => client.enrolments());
    const { token, authority } = await asked(() =>
      known.some((one) => one.agentId === agentId)
        ? client.rotateAgent(agentId)
        : client.enrolAgent({ agentId, address, labels: {}, targets }),
    );
    const identity = await asked(() => join({ url: api.url, token, authority }, signal));
    await writeIdentity(file, identity);
    return null;
  } catch (error) {
    if (error instanceof ApiRefused && error.status === 409) return error.message;
    throw error;
  }
}

/** A new identity would end that of an agent that runs. */
async function untilFree(
  list: () => Promise<ListedAgent[]>,
  agentId: string,
  signal: AbortSignal,
): Promise<void> {
  const deadlineMs = performance.now() + LEASE_ENDS_MS;
  for (;;) {
    const agents = await list();
    if (!agents.some((agent) => agent.live && agent.agentId === agentId)) return;
    if (performance.now() > deadlineMs) {
      throw new CannotRun(`an agent with the id "${agentId}" runs on this Redis already`);
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

/** A control plane that has just started on a busy machine says that it is overloaded, and did nothing. */
async function unlessOverloaded<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const deadlineMs = performance.now() + READY_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isOverloaded(error) || performance.now() > deadlineMs) throw error;
      await delay(POLL_MS, undefined, { signal });
    }
  }
}
