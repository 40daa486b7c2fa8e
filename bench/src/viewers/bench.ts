// What it costs to watch a live soak: CPU of the control plane for each viewer, and of the agents.
import { setTimeout as delay } from 'node:timers/promises';
import pidusage from 'pidusage';
import { median, sum } from 'simple-statistics';
import type { BenchApi } from '../cluster/api.ts';
import { SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { medianInterval } from '../telemetry/summary.ts';
import { Viewer } from './viewer.ts';

export interface ViewersBenchOptions {
  viewers: number;
  rounds: number;
  /** With viewers, and without, in each round. */
  seconds: number;
}

/** Shares of a core. */
interface Measured {
  controlPlane: number;
  agents: number;
}
interface Round {
  without: Measured;
  with: Measured;
}

/** Of a core, for each viewer. */
export const MAX_VIEWER_COST = 0.02;
/** Above the noise of two processes with ten agents. */
const MAX_AGENTS_COST = 0.02;
const FLEETS = 4;
const AGENTS = 10;
const SETTLE_MS = 3000;
const MEASURING_MS = 60_000;
const POLL_MS = 100;

/** 80 cells × 3 repeats, of which one run measures all the time. */
const SPEC = {
  name: 'viewers',
  matrix: {
    notifier: ['iocp', 'completion-routine', 'event', 'select'],
    layout: ['homo', 'hetero'],
    sessions: Array.from({ length: 10 }, (_, index) => (index + 1) * 8),
  },
  workload: { ratePerSecond: 500 },
  fleet: { agents: FLEETS },
  phases: { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds: 7200, drainSeconds: 0 },
  repeats: 3,
};

async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const usage = Object.values(await pidusage([...pids]));
  return sum(usage.map(({ ctime }) => ctime / 1000));
}

async function shareOver(
  cluster: SimulatedCluster,
  seconds: number,
  signal: AbortSignal,
): Promise<Measured> {
  const taken = () =>
    Promise.all([cpuSeconds(cluster.pids('planes')), cpuSeconds(cluster.pids('agents'))]);
  await delay(SETTLE_MS, undefined, { signal });
  const [beganMs, before] = [performance.now(), await taken()];
  await delay(seconds * 1000, undefined, { signal });
  const after = await taken();
  const tookSeconds = (performance.now() - beganMs) / 1000;
  return {
    controlPlane: (after[0] - before[0]) / tookSeconds,
    agents: (after[1] - before[1]) / tookSeconds,
  };
}

async function measuring(api: BenchApi, signal: AbortSignal): Promise<string> {
  const { soakId } = await api.submit(SPEC);
  const endMs = performance.now() + MEASURING_MS;
  while (!(await api.soak(soakId)).runs.some(({ state }) => state === 'measuring')) {
    if (performance.now() > endMs) throw new Error(`no run of ${soakId} measures`);
    await delay(POLL_MS, undefined, { signal });
  }
  return soakId;
}

/** Bytes per second of one viewer's stream, once it has what came before. */
async function streamRate(viewers: readonly Viewer[], seconds: number): Promise<() => number> {
  const before = sum(viewers.map(({ bytes }) => bytes));
  return () => (sum(viewers.map(({ bytes }) => bytes)) - before) / viewers.length / seconds;
}

export async function takeViewerFigures(
  { viewers: count, rounds, seconds }: ViewersBenchOptions,
  signal: AbortSignal,
): Promise<{ rounds: Round[]; bytesPerSecond: number }> {
  const cluster = await SimulatedCluster.create(AGENTS);
  try {
    const api = await cluster.start(signal);
    const soakId = await measuring(api, signal);
    const taken: Round[] = [];
    let bytesPerSecond = 0;
    for (let round = 0; round < rounds; round += 1) {
      const without = await shareOver(cluster, seconds, signal);
      const viewers = Array.from({ length: count }, () => new Viewer(api, soakId));
      await delay(SETTLE_MS, undefined, { signal });
      const rate = await streamRate(viewers, seconds + SETTLE_MS / 1000);
      const watched = await shareOver(cluster, seconds, signal);
      bytesPerSecond = rate();
      await Promise.all(viewers.map((viewer) => viewer.leave()));
      taken.push({ without, with: watched });
    }
    return { rounds: taken, bytesPerSecond };
  } finally {
    await cluster.stop();
  }
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const shareText = (shares: readonly number[]) => {
  const interval = medianInterval(shares);
  const range = interval === null ? '' : ` (${interval.map(percent).join(' to ')})`;
  return `${percent(median([...shares]))}${range}`;
};

/** Pure: what a viewer costs in each round, as shares of a core. */
export function costsOf(
  rounds: readonly Round[],
  viewers: number,
): Record<keyof Measured, number[]> {
  const cost = (of: keyof Measured) =>
    rounds.map((round) => (round.with[of] - round.without[of]) / viewers);
  return { controlPlane: cost('controlPlane'), agents: cost('agents') };
}

/** Prints what a viewer costs; returns whether both are within their aims. */
export async function benchViewers(
  options: ViewersBenchOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { rounds, bytesPerSecond } = await takeViewerFigures(options, signal);
  const { viewers, seconds } = options;
  const idle = rounds.map(({ without }) => without.controlPlane);
  const costs = costsOf(rounds, viewers);
  console.log(
    `Viewers: ${viewers} of a live soak of 240 runs, of which one measures on ${FLEETS} fleets; ` +
      `${rounds.length} rounds of ${seconds} s without and with them`,
  );
  console.log(`  control plane without viewers: ${shareText(idle)} of a core`);
  console.log(`  control plane, for each viewer: ${shareText(costs.controlPlane)} of a core`);
  console.log(`  agents, for each viewer: ${shareText(costs.agents)} of a core`);
  console.log(`  event stream, for each viewer: ${(bytesPerSecond / 1000).toFixed(1)} kB/s`);
  console.log('Medians and their 95 % intervals. The agents have a dry engine.');
  const problems = [
    ...(median(costs.controlPlane) < MAX_VIEWER_COST
      ? []
      : [`a viewer costs the control plane ${shareText(costs.controlPlane)} of a core`]),
    ...(median(costs.agents) * viewers < MAX_AGENTS_COST
      ? []
      : [
          `${viewers} viewers cost the agents ${percent(median(costs.agents) * viewers)} of a core`,
        ]),
  ];
  for (const problem of problems) console.log(`NOT MET: ${problem}`);
  return problems.length === 0;
}
