// Hundreds of agents and a long queue: how long an allocation takes, and whether the allocation log
// violates an invariant.
import { setTimeout as delay } from 'node:timers/promises';
import type { Verdict } from '@oversoak/contracts';
import { allocationFaults, allocationLog } from '@oversoak/control-plane';
import { randomLcg } from 'd3-random';
import { Redis } from 'ioredis';
import pMap from 'p-map';
import type { BenchApi } from './api.ts';
import { allocationTimes, ScriptTimes } from './script-times.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import { type BenchSoak, benchSoaks, specOf } from './soaks.ts';
import { type Times, timesOf } from './times.ts';

export interface DispatchBenchOptions {
  agents: number;
  runs: number;
}

export interface DispatchFigures {
  runs: number;
  verdicts: Partial<Record<Verdict, number>>;
  /** Why runs did not pass, with the number of runs per reason. */
  reasons: Map<string, number>;
  allocations: number;
  /** Duration of the Lua script that takes the slots, inside Redis. */
  script: Times;
  /**
   * Duration of its call as seen by the control plane, including the control plane's other work.
   */
  call: Times;
  /** From the start of a pass over the whole queue until it allocated a gang. */
  pass: Times;
  seconds: number;
  faults: string[];
}

const POLL_MS = 1000;
/** The bench fails if the runs are not done after this time. */
const MAX_SECONDS = 900;
/** Share of the agents that are drained for a while. */
const DRAINED_SHARE = 0.05;
const DRAINED_MS = 5000;
const AT_ONCE = { concurrency: 10 };

export async function benchDispatch(
  { agents, runs }: DispatchBenchOptions,
  signal: AbortSignal,
): Promise<DispatchFigures> {
  const cluster = await SimulatedCluster.create(agents);
  let scripts: ScriptTimes | null = null;
  try {
    const api = await cluster.start(signal);
    scripts = await ScriptTimes.start(cluster.redisUrl);
    // Nothing begins before all of it is queued.
    await pMap(cluster.agentIds, (agentId) => api.drain(agentId), AT_ONCE);
    const soaks = benchSoaks(runs, cluster.sites);
    const submitted = await pMap(soaks, (soak) => api.submit(specOf(soak)), AT_ONCE);
    const soakIds = submitted.map(({ soakId }) => soakId);
    const beganMs = performance.now();
    await pMap(cluster.agentIds, (agentId) => api.endDrain(agentId), AT_ONCE);
    await untilDone(runs / 2, api, signal);
    await cluster.plane(signal);
    await Promise.all([drainSome(cluster.agentIds, api, signal), untilDone(runs, api, signal)]);
    const seconds = (performance.now() - beganMs) / 1000;
    return {
      runs,
      seconds,
      ...(await outcome(cluster, api, soaks, soakIds, await scripts.stop())),
    };
  } finally {
    scripts?.close();
    await cluster.stop();
  }
}

async function untilDone(runs: number, api: BenchApi, signal: AbortSignal) {
  const endMs = performance.now() + MAX_SECONDS * 1000;
  while ((await api.runsDone()) < runs) {
    if (performance.now() > endMs)
      throw new Error(`${runs} runs were not done within ${MAX_SECONDS} s`);
    await delay(POLL_MS, null, { signal });
  }
}

async function drainSome(
  agentIds: readonly string[],
  api: BenchApi,
  signal: AbortSignal,
): Promise<void> {
  const uniform = randomLcg(2);
  const below = (n: number) => Math.floor(n * uniform());
  const some = Array.from(
    { length: Math.ceil(agentIds.length * DRAINED_SHARE) },
    () => agentIds[below(agentIds.length)] ?? '',
  );
  await pMap(some, (agentId) => api.drain(agentId), AT_ONCE);
  await delay(DRAINED_MS, null, { signal });
  await pMap(some, (agentId) => api.endDrain(agentId), AT_ONCE);
}

async function outcome(
  cluster: SimulatedCluster,
  api: BenchApi,
  soaks: readonly BenchSoak[],
  soakIds: readonly string[],
  slowScriptsMs: readonly number[],
) {
  const verdicts: Partial<Record<Verdict, number>> = {};
  const reasons = new Map<string, number>();
  const members = new Map<string, number>();
  const done = await pMap(soakIds, (soakId) => api.soak(soakId), AT_ONCE);
  for (const [index, { runs }] of done.entries()) {
    for (const { runId, judgement } of runs) {
      members.set(runId, 1 + (soaks[index]?.fleetAgents ?? 0));
      if (judgement === null) throw new Error(`${runId} is done without a judgement`);
      verdicts[judgement.verdict] = (verdicts[judgement.verdict] ?? 0) + 1;
      if (judgement.verdict === 'passed') continue;
      const reason = judgement.reasons.join('; ').replaceAll(/\d+(\.\d+)?/g, 'N');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  const redis = new Redis(cluster.redisUrl);
  const log = await allocationLog(redis);
  redis.disconnect();
  const took = await cluster.logged<{ allocateMs: number; passMs: number }>('gang allocated');
  const allocations = log.filter(({ kind }) => kind === 'allocated').length;
  return {
    verdicts,
    reasons,
    allocations,
    script: allocationTimes(slowScriptsMs, allocations),
    call: timesOf(took.map(({ allocateMs }) => allocateMs)),
    pass: timesOf(took.map(({ passMs }) => passMs)),
    faults: allocationFaults(log, (runId) => members.get(runId) ?? 0),
  };
}
