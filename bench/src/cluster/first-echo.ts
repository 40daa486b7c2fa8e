// From the submission of a soak to its first echo, on an idle cluster as started by `oversoak
// demo`.
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from 'oversoak/cluster';
import { BenchApi } from './api.ts';

const SOAKS = 5;
const POLL_MS = 50;
const MAX_MS = 60_000;

const SPEC = {
  name: 'first-echo',
  matrix: { notifier: ['iocp'], sessions: [10] },
  workload: { ratePerSecond: 100 },
  phases: { rampUpSeconds: 0, warmUpSeconds: 0.25, measureSeconds: 1.5, drainSeconds: 1 },
};

export interface FirstEchoFigures {
  /**
   * Per soak: upper bound from before the submission to the first figures with an echo (the end of
   * the short warm-up or a sample). The echo itself arrived slightly earlier.
   */
  atMostMs: number[];
}

export async function benchFirstEcho(signal: AbortSignal): Promise<FirstEchoFigures> {
  const cluster = await Cluster.create({ port: 0, environment: process.env, servers: ['windows'] });
  try {
    const ending = AbortSignal.any([signal, cluster.lost]);
    const api = new BenchApi(await cluster.start(ending));
    const atMostMs = [];
    while (atMostMs.length < SOAKS) atMostMs.push(await firstEcho(api, ending));
    return { atMostMs };
  } finally {
    await cluster.stop();
  }
}

async function firstEcho(api: BenchApi, signal: AbortSignal): Promise<number> {
  // Redis and this process share a clock.
  const submittedAtMs = Date.now();
  const { soakId, runs } = await api.submit(SPEC);
  const [{ runId } = { runId: '' }] = runs;
  await until('the end', async () => (await api.soak(soakId)).state === 'done', signal);
  const [fleet] = Object.values((await api.result(runId))?.fleets ?? {});
  const samples = (await api.samples(runId)).filter((sample) => sample.fleet !== undefined);
  const echoed = samples.find((sample) => (sample.fleet?.ledger.echoed ?? 0) > 0);
  if (echoed?.fleet === undefined) throw new Error(`${runId} had no echo`);
  const fleetBeganAtMs = echoed.atMs - echoed.fleet.elapsedSeconds * 1000;
  const warm = fleet?.figures.measureStart;
  const hadEcho = warm !== undefined && warm.ledger.echoed > 0;
  const byMs = hadEcho ? fleetBeganAtMs + warm.elapsedSeconds * 1000 : echoed.atMs;
  return byMs - submittedAtMs;
}

async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  signal: AbortSignal,
): Promise<T> {
  const endMs = performance.now() + MAX_MS;
  while (performance.now() < endMs) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await delay(POLL_MS, null, { signal });
  }
  throw new Error(`${what} was not seen within ${MAX_MS / 1000} s`);
}
