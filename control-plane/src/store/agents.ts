import { AGENTS_KEY, leaseKey, Registration, registrationKey } from '@oversoak/contracts';
import { Compile } from 'typebox/compile';
import { reservedKey } from './names.ts';
import type { Store } from './redis.ts';

export interface Agent {
  registration: Registration;
  /** Whether the incarnation that registered holds its lease. */
  live: boolean;
  slotsUsed: number;
}

const registrations = Compile(Registration);

function readRegistration(text: string | null | undefined): Registration | null {
  if (text === null || text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return registrations.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export class Agents {
  readonly #redis: Store;

  constructor(redis: Store) {
    this.#redis = redis;
  }

  /** By id. An agent whose registration cannot be read is left out, and so gets no work. */
  async list(): Promise<Agent[]> {
    const ids = (await this.#redis.smembers(AGENTS_KEY)).sort();
    if (ids.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    pipeline.mget(...ids.map(registrationKey));
    pipeline.mget(...ids.map(leaseKey));
    for (const id of ids) pipeline.scard(reservedKey(id));
    const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
    const [texts, leases, ...reserved] = replies as [string[], string[], ...number[]];
    return ids.flatMap((_, index) => {
      const registration = readRegistration(texts[index]);
      if (registration === null) return [];
      const live = leases[index] === registration.incarnation;
      return [{ registration, live, slotsUsed: reserved[index] ?? 0 }];
    });
  }

  /** The incarnations that hold the leases of these agents, null where one has lapsed. */
  async leases(agentIds: readonly string[]): Promise<Map<string, string | null>> {
    if (agentIds.length === 0) return new Map();
    const leases = await this.#redis.mget(...agentIds.map(leaseKey));
    return new Map(agentIds.map((agentId, index) => [agentId, leases[index] ?? null]));
  }
}
