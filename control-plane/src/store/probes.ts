import {
  AgentProbeAnswer,
  BOUNDS,
  PROBE_NAMES,
  ProbeRequest,
  probeAnswersKey,
  probeRequestsKey,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { withKeysOf } from '../model/agent-keys.ts';
import { script } from './script.ts';

const readProbes = script<
  { hashes: readonly string[] },
  { names: readonly string[]; most: number },
  [requested: string[], answered: string[]]
>(import.meta.url, 'read-probes.lua');

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

  /**
   * A probe that is already pending on the agent keeps its request time. Throws UnusableAgentKeys.
   */
  async request(agentId: string, names: readonly string[], requestedAtMs: number): Promise<void> {
    const request: ProbeRequest = { requestedAtMs, startedAtMs: null };
    const key = probeRequestsKey(agentId);
    const stored = names.map((name) => this.#redis.hsetnx(key, name, JSON.stringify(request)));
    await withKeysOf(agentId, Promise.all(stored));
  }

  /** In catalogue order. Omits entries that are unreadable, too long or unknown to this version. */
  async of(agentId: string): Promise<StoredProbes> {
    // By name: an agent may have stored as many others as it likes.
    const hashes = [probeRequestsKey(agentId), probeAnswersKey(agentId)];
    const args = { names: PROBE_NAMES, most: BOUNDS.probe.bytes };
    const [requested, answered] = await readProbes(this.#redis, { hashes }, args);
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
  text: string | undefined,
): T | null {
  if (text === undefined || text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    return schema.Check(value) ? (value as T) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
