import {
  AgentProbeAnswer,
  PROBE_NAMES,
  ProbeAsk,
  probeAnswersKey,
  probeAsksKey,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

const asks = Compile(ProbeAsk);
const answers = Compile(AgentProbeAnswer);

export interface StoredProbes {
  asked: (ProbeAsk & { name: string })[];
  answers: AgentProbeAnswer[];
}

/** Requested probes and their latest answers, at most one of each per probe and agent. */
export class Probes {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** A probe that is already pending on an agent keeps its request time. */
  async ask(
    agentIds: readonly string[],
    names: readonly string[],
    askedAtMs: number,
  ): Promise<void> {
    const ask: ProbeAsk = { askedAtMs, startedAtMs: null };
    const pipeline = this.#redis.pipeline();
    for (const agentId of agentIds) {
      for (const name of names) pipeline.hsetnx(probeAsksKey(agentId), name, JSON.stringify(ask));
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
  }

  /** In catalogue order. Omits entries that are unreadable or unknown to this version. */
  async of(agentId: string): Promise<StoredProbes> {
    const [asked, answered] = await Promise.all([
      this.#redis.hgetall(probeAsksKey(agentId)),
      this.#redis.hgetall(probeAnswersKey(agentId)),
    ]);
    return {
      asked: PROBE_NAMES.flatMap((name) => {
        const ask = read(asks, asked[name]);
        return ask === null ? [] : [{ name, ...ask }];
      }),
      answers: PROBE_NAMES.flatMap((name) => read(answers, answered[name]) ?? []),
    };
  }
}

function read<S extends TSchema, T>(
  schema: Validator<Record<never, never>, S, unknown, T>,
  text: string | undefined,
): T | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return schema.Check(value) ? (value as T) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
