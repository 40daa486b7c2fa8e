import type { Role } from '@oversoak/contracts';
import {
  AGENTS_KEY,
  BOUNDS,
  leaseKey,
  probeAnswersKey,
  probeRequestsKey,
  Registration,
  registrationKey,
  reportsKey,
  samplesKey,
  stoppedKey,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { Compile } from 'typebox/compile';
import type { HeldSlot } from '../model/held-slot.ts';
import { ALLOCATIONS_KEPT } from './allocations.ts';
import { readEnrolment, type StoredEnrolment } from './enrolments.ts';
import {
  AGENT_PREFIX,
  ALLOCATIONS_KEY,
  DRAINING_KEY,
  ENROLMENTS_KEY,
  reservedKey,
  runKey,
  SEEN_KEY,
} from './names.ts';
import { script } from './script.ts';

const freeSlot = script<
  Record<'run' | 'reserved' | 'log', string>,
  HeldSlot & { logLength: number },
  0 | 1
>(import.meta.url, 'free-slot.lua');

const forgetAgent = script<
  Record<'lease' | 'reserved' | 'registered' | 'draining' | 'seen', string> & { own: string[] },
  { agentId: string },
  0 | 1
>(import.meta.url, 'forget-agent.lua');

const readAgents = script<
  { draining: string },
  { ids: readonly string[]; agentPrefix: string; most: number },
  [leases: string[], stopped: string[], held: number[], draining: string[]]
>(import.meta.url, 'read-agents.lua');

/** Of an incarnation; what is longer is none. */
const MAX_INCARNATION = 100;

/** Keys of an agent beside its lease and its slots. */
const OWN_KEYS = [
  registrationKey,
  probeRequestsKey,
  probeAnswersKey,
  stoppedKey,
  reportsKey,
  samplesKey,
];

export interface Agent {
  registration: Registration;
  /** The incarnation that registered holds its lease. */
  live: boolean;
  /** The registered incarnation shut down cleanly. */
  stopped: boolean;
  /** It finishes its current runs and accepts no new ones. */
  draining: boolean;
  slotsUsed: number;
}

/** The number of slots available on the agent now. */
export function freeSlotsOf({ registration, live, draining, slotsUsed }: Agent): number {
  return live && !draining ? registration.slots - slotsUsed : 0;
}

const registrations = Compile(Registration);

/**
 * Pure: what an agent says of itself, and of an enrolled one the address, labels and targets that its
 * operator said. null: none, or one that is not valid, or not of this agent.
 */
export function readRegistration(
  agentId: string,
  text: string,
  enrolment: Pick<StoredEnrolment, 'address' | 'labels' | 'targets'> | null,
): Registration | null {
  if (text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!registrations.Check(value) || value.agentId !== agentId) return null;
    if (enrolment === null) return value;
    const { address: advertisedHost, labels, targets } = enrolment;
    return { ...value, advertisedHost, labels, targets };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The reaper's view of an agent. */
export interface SeenAgent {
  agentId: string;
  live: boolean;
  /** Redis time at which it was last seen live. */
  seenMs: number;
  /** Slots that runs hold on it. */
  slots: number;
}

/** Parses a member of an agent's set of reserved slots: `<run>.<role>`. */
function readSlot(agentId: string, slot: string): HeldSlot {
  const at = slot.lastIndexOf('.');
  return { agentId, runId: slot.slice(0, at), role: slot.slice(at + 1) as Role };
}

export class Agents {
  readonly #redis: Redis;
  /** Cache of registrations. The registration of an incarnation never changes. */
  readonly #registrations = new Map<string, Registration>();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Sorted by id. Agents with an unreadable registration are omitted and get no work. */
  async list(): Promise<Agent[]> {
    return await this.#read((await this.#redis.smembers(AGENTS_KEY)).sort());
  }

  async ids(): Promise<string[]> {
    return await this.#redis.smembers(AGENTS_KEY);
  }

  async get(agentId: string): Promise<Agent | null> {
    if ((await this.#redis.sismember(AGENTS_KEY, agentId)) === 0) return null;
    const [agent] = await this.#read([agentId]);
    return agent ?? null;
  }

  async #read(ids: readonly string[]): Promise<Agent[]> {
    if (ids.length === 0) return [];
    const args = { ids, agentPrefix: AGENT_PREFIX, most: MAX_INCARNATION };
    const keys = { draining: DRAINING_KEY };
    const [leases, ended, reserved, drained] = await readAgents(this.#redis, keys, args);
    const draining = new Set(drained);
    await this.#readRegistrations(
      ids.filter((id, index) => this.#registrations.get(id)?.incarnation !== leases[index]),
    );
    return ids.flatMap((id, index) => {
      const registration = this.#registrations.get(id);
      if (registration === undefined) return [];
      const { incarnation } = registration;
      const live = incarnation !== '' && leases[index] === incarnation;
      const stopped = !live && incarnation !== '' && ended[index] === incarnation;
      const slotsUsed = reserved[index] ?? 0;
      return [{ registration, live, stopped, draining: draining.has(id), slotsUsed }];
    });
  }

  async #readRegistrations(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { bytes } = BOUNDS.registration;
    const pipeline = this.#redis.pipeline();
    // One more than allowed, so that a longer one is seen and is not read to its end.
    for (const id of ids) pipeline.getrange(registrationKey(id), 0, bytes);
    const texts = (await pipeline.exec()) ?? [];
    const enrolments = await this.#redis.hmget(ENROLMENTS_KEY, ...ids);
    for (const [index, id] of ids.entries()) {
      const [error = null, text] = texts[index] ?? [];
      // The agent could have made anything of its key.
      if (error !== null && !error.message.startsWith('WRONGTYPE')) throw error;
      const isText = typeof text === 'string' && text.length <= bytes;
      const registration = readRegistration(
        id,
        isText ? text : '',
        readEnrolment(enrolments[index]),
      );
      if (registration === null) this.#registrations.delete(id);
      else this.#registrations.set(id, registration);
    }
  }

  /** Persists across restarts until changed. False: the agent does not exist. */
  async setDraining(agentId: string, draining: boolean): Promise<boolean> {
    if ((await this.#redis.sismember(AGENTS_KEY, agentId)) === 0) return false;
    if (draining) await this.#redis.sadd(DRAINING_KEY, agentId);
    else await this.#redis.srem(DRAINING_KEY, agentId);
    return true;
  }

  /** Every slot that an agent holds for a run. */
  async heldSlots(): Promise<HeldSlot[]> {
    const ids = await this.#redis.smembers(AGENTS_KEY);
    const pipeline = this.#redis.pipeline();
    for (const agentId of ids) pipeline.smembers(reservedKey(agentId));
    return ((await pipeline.exec()) ?? []).flatMap(([error, slots], index) => {
      if (error !== null) throw error;
      return (slots as string[]).map((slot) => readSlot(ids[index] ?? '', slot));
    });
  }

  /** Frees a slot whose run is done or deleted. False: it was not held, or its run is not done. */
  async freeSlot({ agentId, runId, role }: HeldSlot): Promise<boolean> {
    const keys = { run: runKey(runId), reserved: reservedKey(agentId), log: ALLOCATIONS_KEY };
    const args = { runId, role, agentId, logLength: ALLOCATIONS_KEPT };
    return (await freeSlot(this.#redis, keys, args)) === 1;
  }

  /** Every agent with the time it was last seen live; live agents have the current time. */
  async seen(nowMs: number): Promise<SeenAgent[]> {
    const ids = await this.#redis.smembers(AGENTS_KEY);
    const leases = await this.leases(ids);
    const pipeline = this.#redis.pipeline();
    for (const agentId of ids) {
      const live = leases.get(agentId) !== null;
      // An agent seen for the first time starts at the current time.
      if (live) pipeline.zadd(SEEN_KEY, nowMs, agentId);
      else pipeline.zadd(SEEN_KEY, 'NX', nowMs, agentId);
      pipeline.zscore(SEEN_KEY, agentId);
      pipeline.scard(reservedKey(agentId));
    }
    const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
    return ids.map((agentId, index) => ({
      agentId,
      live: leases.get(agentId) !== null,
      seenMs: Number(replies[index * 3 + 1]),
      slots: replies[index * 3 + 2] as number,
    }));
  }

  /** False: the agent is live again or holds slots. */
  async forget(agentId: string): Promise<boolean> {
    const keys = {
      lease: leaseKey(agentId),
      reserved: reservedKey(agentId),
      registered: AGENTS_KEY,
      draining: DRAINING_KEY,
      seen: SEEN_KEY,
      own: OWN_KEYS.map((key) => key(agentId)),
    };
    return (await forgetAgent(this.#redis, keys, { agentId })) === 1;
  }

  /** The incarnations that hold the leases of these agents; null if a lease has lapsed. */
  async leases(agentIds: readonly string[]): Promise<Map<string, string | null>> {
    if (agentIds.length === 0) return new Map();
    const args = { ids: agentIds, agentPrefix: AGENT_PREFIX, most: MAX_INCARNATION };
    const [leases] = await readAgents(this.#redis, { draining: DRAINING_KEY }, args);
    return new Map(agentIds.map((agentId, index) => [agentId, leases[index] || null]));
  }
}
