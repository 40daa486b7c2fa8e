// A cluster whose every figure is known: nights of two schedules, agents, queues and the API, exported by
// two control planes. Their time is made up, so weeks would be; a night here is five minutes, because
// Prometheus takes nothing that is older than half an hour.
import { emptyHistogram, type Verdict } from '@oversoak/contracts';
import type { CellFigures } from '@oversoak/control-plane/model/cell-figures';
import type { CellTally } from '@oversoak/control-plane/store/cells';
import { type ClusterRead, clusterPoints } from '@oversoak/control-plane/telemetry/cluster-points';
import type { MetricPoint } from '@oversoak/telemetry';
import { KnownProcess } from './known-process.ts';

export const NIGHT_MS = 5 * 60_000;
export const NIGHTS = 5;
const EXPORT_MS = 10_000;
const NS = 1e9;

/** The middle of a bucket of an exponential histogram, so that interpolation finds it. */
const middle = (seconds: number) => 2 ** ((Math.floor(Math.log2(seconds) * 32) + 0.5) / 32);

const NONE: Record<Verdict, number> = { passed: 0, failed: 0, inconclusive: 0, cancelled: 0 };

/** What is known; rates are per second and control plane. */
export const CLUSTER = {
  /** The p99 of each night of the schedule "nightly": the last one is twice the others. */
  nightlyP99Ms: [10, 10, 10, 10, 20],
  weeklyP99Ms: [4, 4, 4, 4, 4],
  /** Of a soak that no schedule submitted. */
  ownP99Ms: [30, 30, 30, 30, 30],
  drift: {
    workingSet: { slope: 2e6, low: 1e6, high: 3e6 },
    privateBytes: { slope: -1e6, low: -2e6, high: 5e5 },
    handles: { slope: 12, low: 10, high: 14 },
    threads: { slope: 0, low: -1, high: 1 },
    p99: { slope: 500, low: -100, high: 1100 },
  },
  agents: [
    { state: 'idle', platform: 'wine', count: 2 },
    { state: 'busy', platform: 'wine', count: 3 },
    { state: 'draining', platform: 'windows', count: 1 },
    { state: 'lost', platform: 'windows', count: 4 },
    { state: 'lost', platform: 'wine', count: 0 },
  ] as const,
  queues: { 'run-dispatch': 0, agents: 5, soaks: 7 },
  refusedPerSecond: 0.2,
  requests: [
    { method: 'GET', route: '/v1/soaks', status: 200, perSecond: 2, seconds: middle(0.02) },
    { method: 'POST', route: '/v1/soaks', status: 400, perSecond: 0.5, seconds: middle(0.1) },
  ],
  allocationsPerSecond: 1,
  allocationSeconds: middle(0.003),
  droppedPerSecond: 0.1,
} as const;

/** What was counted by the end of a night, the nights before included. */
export function verdictsAfter(night: number): Record<'nightly' | 'weekly' | 'own', typeof NONE> {
  const nights = night + 1;
  return {
    // The last night did not pass.
    nightly: {
      ...NONE,
      passed: Math.min(nights, NIGHTS - 1) * 3,
      failed: nights === NIGHTS ? 3 : 0,
    },
    weekly: { ...NONE, passed: nights, inconclusive: nights },
    own: { ...NONE, passed: 1, cancelled: 1 },
  };
}

function cellsOf(night: number, atMs: number): CellTally[] {
  const verdicts = verdictsAfter(night);
  const figures = (
    p99Ms: readonly number[],
    platform: CellFigures['platform'],
    drift: CellFigures['drift'] = [],
  ): CellFigures => ({ atMs, platform, p99Us: (p99Ms[night] ?? 0) * 1000, drift });
  const drift = Object.entries(CLUSTER.drift).map(([metric, interval]) => ({
    metric: metric as keyof typeof CLUSTER.drift,
    ...interval,
  }));
  const iocp = { cell: 'iocp.homo.100', notifier: 'iocp', layout: 'homo' };
  const event = { cell: 'event.hetero.100', notifier: 'event', layout: 'hetero' };
  return [
    {
      ...{ soakName: 'night', schedule: 'nightly', ...iocp },
      ...{ verdicts: verdicts.nightly, figures: figures(CLUSTER.nightlyP99Ms, 'wine', drift) },
    },
    {
      ...{ soakName: 'week', schedule: 'weekly', ...event },
      ...{ verdicts: verdicts.weekly, figures: figures(CLUSTER.weeklyP99Ms, 'windows') },
    },
    {
      ...{ soakName: 'own', schedule: null, ...iocp },
      ...{ verdicts: verdicts.own, figures: figures(CLUSTER.ownP99Ms, 'wine') },
    },
  ];
}

/** Pure: the cluster at a moment. */
export function clusterAt(nowMs: number, fromMs: number): ClusterRead {
  const night = Math.min(NIGHTS - 1, Math.floor((nowMs - fromMs) / NIGHT_MS));
  const isLast = night === NIGHTS - 1;
  const seconds = (nowMs - fromMs) / 1000;
  return {
    sinceMs: fromMs,
    nowMs,
    cells: cellsOf(night, nowMs),
    schedules: [
      {
        ...{ name: 'nightly', verdict: isLast ? 'failed' : 'passed' },
        ...{ regressions: isLast ? 2 : 0, stopped: false },
      },
      { name: 'weekly', verdict: 'inconclusive', regressions: 0, stopped: true },
    ],
    agents: CLUSTER.agents,
    queues: new Map(Object.entries(CLUSTER.queues)),
    refused: { 'other-epoch': CLUSTER.refusedPerSecond * seconds },
  };
}

/** What each control plane exports about itself. */
function planePoints(nowMs: number, startMs: number): MetricPoint[] {
  const seconds = (nowMs - startMs) / 1000;
  const counted = (perSecond: number, tookSeconds: number) => {
    const made = emptyHistogram();
    const count = Math.round(perSecond * seconds);
    if (count > 0) made.recordValueWithCount(Math.round(tookSeconds * NS), count);
    return made;
  };
  return [
    ...CLUSTER.requests.map(
      ({ method, route, status, perSecond, seconds: took }): MetricPoint => ({
        metric: 'http.server.request.duration',
        value: counted(perSecond, took),
        attributes: {
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
        },
        startMs,
      }),
    ),
    {
      metric: 'oversoak.allocation.duration',
      value: counted(CLUSTER.allocationsPerSecond, CLUSTER.allocationSeconds),
      ...{ attributes: {}, startMs },
    },
    {
      metric: 'oversoak.telemetry.dropped',
      value: CLUSTER.droppedPerSecond * seconds,
      ...{ attributes: {}, startMs },
    },
  ];
}

/**
 * Sends what two control planes export from `fromMs` on, for all nights. The first exports the figures
 * of the cluster for two nights, then the other does.
 * @returns their instances, and when the last export was
 */
export async function sendCluster(
  url: string,
  fromMs: number,
): Promise<{ instances: string[]; lastMs: number }> {
  let nowMs = fromMs;
  const planes = [0, 1].map(() => new KnownProcess(url, 'oversoak-control-plane', () => nowMs));
  const changesMs = fromMs + 2 * NIGHT_MS;
  for (const [index, plane] of planes.entries()) {
    plane.telemetry.addSource(() => planePoints(nowMs, fromMs));
    plane.telemetry.addSource(() => {
      const leads = (nowMs < changesMs ? 0 : 1) === index;
      return leads ? clusterPoints(clusterAt(nowMs, fromMs)) : [];
    });
  }
  const toMs = fromMs + NIGHTS * NIGHT_MS;
  let lastMs = fromMs;
  for (let atMs = fromMs; atMs < toMs; atMs += EXPORT_MS) {
    for (const [index, plane] of planes.entries()) {
      // Each exports at moments of its own.
      nowMs = atMs + index * 3_000;
      await plane.flush();
      lastMs = nowMs;
    }
  }
  for (const plane of planes) await plane.close();
  return { instances: planes.map(({ instance }) => instance), lastMs };
}
