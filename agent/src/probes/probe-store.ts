import {
  type AgentProbeAnswer,
  ProbeRequest,
  probeAnswersKey,
  probeRequestsKey,
  schemaProblems,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { log, messageOf } from '../log/log.ts';

/**
 * The probe requests of this agent, and its answers on their way to Redis. While Redis is
 * unreachable, the latest answer of each probe waits in memory.
 */
export class ProbeStore {
  readonly #redis: Pick<Redis, 'hgetall' | 'hset' | 'hdel' | 'multi'>;
  readonly #requestsKey: string;
  readonly #answersKey: string;
  readonly #pending = new Map<string, AgentProbeAnswer>();
  #requests = new Map<string, ProbeRequest>();
  #delivering = false;

  constructor(redis: Pick<Redis, 'hgetall' | 'hset' | 'hdel' | 'multi'>, agentId: string) {
    this.#redis = redis;
    this.#requestsKey = probeRequestsKey(agentId);
    this.#answersKey = probeAnswersKey(agentId);
  }

  /**
   * Names of the requested probes, unordered. Removes requests that cannot be parsed.
   * @throws the Redis error when Redis is unreachable
   */
  async requested(): Promise<string[]> {
    const entries = Object.entries(await this.#redis.hgetall(this.#requestsKey));
    const read = entries.map(([name, text]) => [name, parse(text)] as const);
    const unreadable = read.filter(([, request]) => request === null).map(([name]) => name);
    await this.drop(unreadable);
    this.#requests = new Map(
      read.flatMap(([name, request]) => (request === null ? [] : [[name, request]])),
    );
    return [...this.#requests.keys()].filter((name) => !this.#pending.has(name));
  }

  /** Removes requests that cannot be answered. */
  async drop(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    log('error', 'probe requests were dropped', { names });
    await this.#redis.hdel(this.#requestsKey, ...names);
  }

  /**
   * Publishes the start of a probe for observers. `startedAtMs` null: the probe yielded to a run
   * and will start again.
   */
  note(name: string, startedAtMs: number | null): void {
    const request = this.#requests.get(name);
    if (request === undefined) return;
    this.#redis
      .hset(this.#requestsKey, name, JSON.stringify({ ...request, startedAtMs }))
      .catch((error: unknown) =>
        log('warn', 'the start of a probe was not recorded', { name, reason: messageOf(error) }),
      );
  }

  add(answer: AgentProbeAnswer): void {
    this.#requests.delete(answer.name);
    this.#pending.set(answer.name, answer);
    this.deliver();
  }

  /** Starts delivery unless it is in progress; called again when Redis is back. */
  deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    this.#deliverAll()
      .catch((error: unknown) =>
        log('warn', 'probe answers were not delivered; they are kept', {
          reason: messageOf(error),
          backlog: this.#pending.size,
        }),
      )
      .finally(() => {
        this.#delivering = false;
      });
  }

  /** Stores an answer and removes its request in one step, so that no reader sees neither. */
  async #deliverAll(): Promise<void> {
    for (const [name, answer] of this.#pending) {
      const replies = await this.#redis
        .multi()
        .hset(this.#answersKey, name, JSON.stringify(answer))
        .hdel(this.#requestsKey, name)
        .exec();
      const failed = replies?.find(([error]) => error !== null)?.[0];
      if (failed != null) throw failed;
      if (this.#pending.get(name) === answer) this.#pending.delete(name);
    }
  }
}

function parse(text: string): ProbeRequest | null {
  try {
    const value: unknown = JSON.parse(text);
    return schemaProblems(ProbeRequest, value).length === 0 ? (value as ProbeRequest) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
