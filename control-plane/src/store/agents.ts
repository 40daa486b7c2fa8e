import { AGENTS_KEY, leaseKey, Registration, registrationKey } from '@oversoak/contracts';
import { Compile } from 'typebox/compile';
import { DRAINING_KEY, reservedKey } from './names.ts';
import type { Store } from './redis.ts';

export interface Agent {
  registration: Registration;
  /** Whether the incarnation that registered holds its lease. */
  live: boolean;
  /** It ends what it runs and takes no more. */
  draining: boolean;
  slotsUsed: number;
}

/** How many more slots may be taken on it now. */
export function freeSlotsOf({ registration, live, draining, slotsUsed }: Agent): number {
  return live && !draining ? registration.slots - slotsUsed : 0;
}

const registrations = Compile(Registration);

function readRegistration(text: string | null): Registration | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return registrations.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The registration of an agent as it was last read; most are read again and again unchanged. */
interface ReadRegistration {
  text: string | null;
  registration: Registration | null;
}

export class Agents {
  readonly #redis: Store;
  #read = new Map<string, ReadRegistration>();

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
    pipeline.smembers(DRAINING_KEY);
    for (const id of ids) pipeline.scard(reservedKey(id));
    const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
    const [texts, leases, drained, ...reserved] = replies as [
      (string | null)[],
      (string | null)[],
      string[],
      ...number[],
    ];
    const draining = new Set(drained);
    const registrationOf = this.#reader(ids, texts);
    return ids.flatMap((id, index) => {
      const registration = registrationOf(id);
      if (registration === null) return [];
      const live = leases[index] === registration.incarnation;
      const slotsUsed = reserved[index] ?? 0;
      return [{ registration, live, draining: draining.has(id), slotsUsed }];
    });
  }

  /** Parses and checks only what has changed since the last time. */
  #reader(ids: readonly string[], texts: readonly (string | null)[]) {
    const before = this.#read;
    this.#read = new Map(
      ids.map((id, index) => {
        const text = texts[index] ?? null;
        const known = before.get(id);
        const read = known?.text === text ? known : { text, registration: readRegistration(text) };
        return [id, read];
      }),
    );
    const read = this.#read;
    return (id: string) => read.get(id)?.registration ?? null;
  }

  async get(agentId: string): Promise<Agent | null> {
    const agents = await this.list();
    return agents.find(({ registration }) => registration.agentId === agentId) ?? null;
  }

  /** Until it is said otherwise, also over restarts. False: there is no such agent. */
  async setDraining(agentId: string, draining: boolean): Promise<boolean> {
    if ((await this.#redis.sismember(AGENTS_KEY, agentId)) === 0) return false;
    if (draining) await this.#redis.sadd(DRAINING_KEY, agentId);
    else await this.#redis.srem(DRAINING_KEY, agentId);
    return true;
  }

  /** The incarnations that hold the leases of these agents, null where one has lapsed. */
  async leases(agentIds: readonly string[]): Promise<Map<string, string | null>> {
    if (agentIds.length === 0) return new Map();
    const leases = await this.#redis.mget(...agentIds.map(leaseKey));
    return new Map(agentIds.map((agentId, index) => [agentId, leases[index] ?? null]));
  }
}
