// A control plane with agents that joined and a long queue: what it needs, and how that grows with the
// agents.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { allocationLog } from '@oversoak/control-plane';
import Table from 'cli-table3';
import { Redis } from 'ioredis';
import pMap from 'p-map';
import pidusage from 'pidusage';
import type { BenchApi } from './api.ts';
import { allocationTimes, ScriptTimes } from './script-times.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import { benchSoaks, specOf } from './soaks.ts';
import { type Times, timesOf } from './times.ts';

export interface ScaleOptions {
  agents: number;
  runs: number;
  /** How long it is measured, once all runs are queued. */
  seconds: number;
}

export interface ReportSteps {
  /** Until the control plane has it. */
  read: Times;
  /** Until it is parsed and checked, and it is known what follows from it. */
  handled: Times;
  /** Until that is stored, and the jobs that follow are sent. */
  stored: Times;
}

/** A line of the control plane's log. */
interface ProcessedReport {
  time: number;
  sinceSentMs: number;
  readMs: number;
  handledMs: number;
  storedMs: number;
}

export interface ScaleFigures extends ScaleOptions {
  /** Duration of the Lua script that takes the slots, inside Redis. */
  script: Times;
  /** From a report's arrival in Redis until it has been acted on. */
  acted: Times;
  /** What `acted` is made of, one after another. */
  steps: ReportSteps;
  reportsPerSecond: number;
  /** Those that were acted on in the busiest second. */
  busiestSecond: number;
  /** Of the control plane. */
  cores: number;
  /** Of the programs beside it, which share the machine. */
  redisCores: number;
  agentsCores: number;
  memoryMiB: number;
  /** Of the time: it could run, and other programs of this machine had the processors. */
  waitedShare: number;
  /** Runs that no gang was found for in all that time. */
  stillQueued: number;
}

/** Upper limits. */
const AIMS = { scriptMs: 10, actedMs: 200, cores: 1, memoryMiB: 512 };
const MIB = 2 ** 20;
const MS_PER_NS = 1e-6;
const POLL_MS = 1000;
const AT_ONCE = { concurrency: 10 };
/** The runs of a soak; mixed, so that they do not all end together. */
const MEASURE_SECONDS = { least: 20, most: 40 };
const SETTINGS = {
  // Has when each report was acted on.
  OVERSOAK_LOG_LEVEL: 'debug',
  // One caller stands for all agents' operators.
  OVERSOAK_RATE_LIMIT_PER_MINUTE: '60000',
};

export async function benchScale(
  options: ScaleOptions,
  signal: AbortSignal,
): Promise<ScaleFigures> {
  const { agents, runs, seconds } = options;
  const cluster = await SimulatedCluster.create(agents, { enrolled: true, plane: SETTINGS });
  let scripts: ScriptTimes | null = null;
  try {
    const api = await cluster.start(signal);
    scripts = await ScriptTimes.start(cluster.redisUrl);
    await submitAll(runs, cluster, api);
    const sinceMs = Date.now();
    const used = await usage(cluster, seconds, signal);
    const slowScriptsMs = await scripts.stop();
    const redis = new Redis(cluster.redisUrl);
    const log = await allocationLog(redis);
    redis.disconnect();
    const allocations = log.filter(({ kind }) => kind === 'allocated').length;
    const reports = await cluster.logged<ProcessedReport>('report processed');
    const acted = reports.filter(({ time }) => time >= sinceMs);
    const { tookSeconds, ...figures } = used;
    return {
      ...options,
      ...figures,
      script: allocationTimes(slowScriptsMs, allocations),
      acted: timesOf(acted.map(({ sinceSentMs }) => sinceSentMs)),
      steps: {
        read: timesOf(acted.map(({ readMs }) => readMs)),
        handled: timesOf(acted.map(({ handledMs }) => handledMs)),
        stored: timesOf(acted.map(({ storedMs }) => storedMs)),
      },
      reportsPerSecond: acted.length / tookSeconds,
      busiestSecond: busiestSecond(acted),
      stillQueued: runs - allocations,
    };
  } finally {
    scripts?.close();
    await cluster.stop();
  }
}

async function submitAll(runs: number, { sites }: SimulatedCluster, api: BenchApi): Promise<void> {
  const span = MEASURE_SECONDS.most - MEASURE_SECONDS.least;
  await pMap(
    benchSoaks(runs, sites).entries(),
    ([index, soak]) => api.submit(specOf(soak, MEASURE_SECONDS.least + (index % span))),
    AT_ONCE,
  );
}

function busiestSecond(reports: readonly ProcessedReport[]): number {
  const seconds = Map.groupBy(reports, ({ time }) => Math.floor(time / 1000));
  return Math.max(0, ...[...seconds.values()].map(({ length }) => length));
}

/** What the cluster's programs use in the next `seconds`. */
async function usage(cluster: SimulatedCluster, seconds: number, signal: AbortSignal) {
  const programs = ['planes', 'redis', 'agents'] as const;
  const cpuMs = async () =>
    await Promise.all(
      programs.map(async (program) => {
        const each = Object.values(await pidusage(cluster.pids(program)));
        return each.reduce((sum, { ctime }) => sum + ctime, 0);
      }),
    );
  const [plane = 0] = cluster.pids('planes');
  const beganMs = performance.now();
  const before = await cpuMs();
  const waitedBeforeMs = await waitedMs(plane);
  let memory = 0;
  do {
    memory = Math.max(memory, (await pidusage(plane)).memory);
    await delay(POLL_MS, undefined, { signal });
  } while (performance.now() - beganMs < seconds * 1000);
  const after = await cpuMs();
  const tookSeconds = (performance.now() - beganMs) / 1000;
  const [cores = 0, redisCores = 0, agentsCores = 0] = after.map(
    (ms, index) => (ms - (before[index] ?? 0)) / 1000 / tookSeconds,
  );
  const waitedShare = ((await waitedMs(plane)) - waitedBeforeMs) / 1000 / tookSeconds;
  return { tookSeconds, cores, redisCores, agentsCores, memoryMiB: memory / MIB, waitedShare };
}

/** How long the main thread of a process has waited for a processor in all. */
async function waitedMs(pid: number): Promise<number> {
  const [, waitedNs] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ');
  return Number(waitedNs) * MS_PER_NS;
}

/** The aims that were missed, one line each. */
export function scaleProblems(figures: ScaleFigures): string[] {
  const { agents, script, acted, cores, memoryMiB, reportsPerSecond, stillQueued } = figures;
  const at = `with ${agents} agents`;
  const above = (what: string, value: number, aim: number, unit: string, digits = 0) =>
    value <= aim ? [] : [`${what} ${at}: ${value.toFixed(digits)} ${unit}, aim ${aim} ${unit}`];
  return [
    ...above('p99 of one allocation', script.p99Ms, AIMS.scriptMs, 'ms', 1),
    ...above('p99 until a report is acted on', acted.p99Ms, AIMS.actedMs, 'ms'),
    ...above('the control plane', cores, AIMS.cores, 'cores', 2),
    ...above('the control plane', memoryMiB, AIMS.memoryMiB, 'MiB'),
    ...(reportsPerSecond > 0 ? [] : [`no report was acted on ${at}`]),
    ...(stillQueued > 0 ? [] : [`the queue was empty ${at}`]),
  ];
}

const STEPS = [
  ['  of which until it is read', 'read'],
  ['  until it is checked', 'handled'],
  ['  until it is stored and its jobs are sent', 'stored'],
] as const;

/** A row for each figure, a column for each number of agents, and the growth from first to last. */
export function scaleText(scales: readonly ScaleFigures[]): string {
  const [first, last] = [scales[0], scales.at(-1)];
  const table = new Table({
    head: ['', ...scales.map(({ agents }) => `${agents} agents`), 'growth', 'aim'],
    colAligns: ['left', ...scales.map(() => 'right' as const), 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const row = (
    name: string,
    of: (figures: ScaleFigures) => number,
    { digits = 0, aim }: { digits?: number; aim?: number } = {},
  ) => {
    const growth = first && last && of(first) > 0 ? `x ${(of(last) / of(first)).toFixed(1)}` : '';
    const values = scales.map((figures) => of(figures).toFixed(digits));
    table.push([name, ...values, growth, aim === undefined ? '' : `<= ${aim}`]);
  };
  row('one allocation in Redis, p50 ms', ({ script }) => script.p50Ms, { digits: 2 });
  row('p99 ms', ({ script }) => script.p99Ms, { digits: 2, aim: AIMS.scriptMs });
  row('until a report is acted on, p50 ms', ({ acted }) => acted.p50Ms, { digits: 1 });
  row('p99 ms', ({ acted }) => acted.p99Ms, { digits: 1, aim: AIMS.actedMs });
  row('max ms', ({ acted }) => acted.maxMs, { digits: 1 });
  for (const [name, step] of STEPS) {
    row(`${name}, p50 ms`, ({ steps }) => steps[step].p50Ms, { digits: 1 });
    row('p99 ms', ({ steps }) => steps[step].p99Ms, { digits: 1 });
  }
  row('reports per second', ({ reportsPerSecond }) => reportsPerSecond, { digits: 1 });
  row('in the busiest second', ({ busiestSecond }) => busiestSecond);
  row('control plane, cores', ({ cores }) => cores, { digits: 2, aim: AIMS.cores });
  row('Redis, cores', ({ redisCores }) => redisCores, { digits: 2 });
  row('all agents, cores', ({ agentsCores }) => agentsCores, { digits: 2 });
  row('control plane, most MiB', ({ memoryMiB }) => memoryMiB, { aim: AIMS.memoryMiB });
  row('control plane, share of time without a processor', ({ waitedShare }) => waitedShare, {
    digits: 2,
  });
  row('runs still queued at the end', ({ stillQueued }) => stillQueued);
  return table.toString();
}
