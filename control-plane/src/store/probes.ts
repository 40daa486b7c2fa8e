import {
  AgentProbeAnswer,
  PROBE_NAMES,
  ProbeRequest,
  probeAnswersKey,
  probeRequestsKey,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

const requests = Compile(ProbeRequest);
const answers = Compile(AgentProbeAnswer);

export interface StoredProbes {
  requested: (ProbeRequest & { name: string })[];
  answers: AgentProbeAnswer[];
}

/** Requested probes and their latest answers, at most one of each per probe and agent. */
export class Probes {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** A probe that is already pending on an agent keeps its request time. */
  async request(
    agentIds: readonly string[],
    names: readonly string[],
    requestedAtMs: number,
  ): Promise<void> {
    const request: ProbeRequest = { requestedAtMs, startedAtMs: null };
    const pipeline = this.#redis.pipeline();
    for (const agentId of agentIds) {
      for (const name of names)
        pipeline.hsetnx(probeRequestsKey(agentId), name, JSON.stringify(request));
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
  }

  /** In catalogue order. Omits entries that are unreadable or unknown to this version. */
  async of(agentId: string): Promise<StoredProbes> {
    // By name: an agent may have stored as many others as it likes.
    const [requested, answered] = await Promise.all([
      this.#redis.hmget(probeRequestsKey(agentId), ...PROBE_NAMES),
      this.#redis.hmget(probeAnswersKey(agentId), ...PROBE_NAMES),
    ]);
    return {
      requested: PROBE_NAMES.flatMap((name, index) => {
        const request = read(requests, requested[index]);
        return request === null ? [] : [{ name, ...request }];
      }),
      answers: PROBE_NAMES.flatMap((_, index) => read(answers, answered[index]) ?? []),
    };
  }
}

function read<S extends TSchema, T>(
  schema: Validator<Record<never, never>, S, unknown, T>,
  text: string | null | undefined,
): T | null {
  if (text == null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return schema.Check(value) ? (value as T) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
