import type { Telemetry } from '@oversoak/telemetry';
import type { Connections } from './connections.ts';
import type { Log } from './model/log.ts';
import type { Retention } from './retention/decision.ts';
import { retain } from './retention/retain.ts';
import { every } from './rounds.ts';
import type { Services } from './services.ts';
import { ClusterMetrics } from './telemetry/cluster-metrics.ts';

export interface BackgroundOptions {
  log: Log;
  retention: Retention;
  telemetry: Telemetry;
  watchEveryMs: number;
  reapEveryMs: number;
  leaseGraceMs: number;
  schedulesEveryMs: number;
  figuresEveryMs: number;
}

/** Retention counts in days. Concurrent sweeps of two control planes are harmless. */
const SWEEP_EVERY_MS = 3_600_000;

/** Starts the periodic rounds. The returned function stops them. */
export function startBackground(
  services: Services,
  connections: Connections,
  options: BackgroundOptions,
): () => Promise<void> {
  const { soaks, baselines, dispatcher, scheduling, watch, reaper, nowMs } = services;
  const { log, retention, telemetry, leaseGraceMs } = options;
  const { watchEveryMs, reapEveryMs, schedulesEveryMs, figuresEveryMs } = options;

  const leasesCount = () => connections.readyForMs() >= leaseGraceMs;
  const look = async () => {
    await watch.pass(leasesCount);
    await scheduling.soakEnds.pass();
  };
  const reap = async () => {
    if (leasesCount()) await reaper.pass();
  };
  const pinned = async () => new Set((await baselines.list()).map(({ soakId }) => soakId));
  const sweep = () => retain({ soaks, pinned, retention, nowMs, log });
  const { redis, connection } = connections;
  const { schedules } = scheduling;
  const metrics = telemetry.on
    ? new ClusterMetrics({
        ...{ ...services, redis, connection, schedules },
        ...{ telemetry, log, everyMs: figuresEveryMs },
      })
    : null;

  const stops = [
    every(watchEveryMs, look, log),
    every(watchEveryMs, () => dispatcher.pass(), log),
    every(reapEveryMs, reap, log),
    every(SWEEP_EVERY_MS, sweep, log),
    every(schedulesEveryMs, () => scheduling.pass(), log),
    ...(metrics === null
      ? []
      : [
          every(figuresEveryMs, () => metrics.refresh(), log),
          every(figuresEveryMs, () => metrics.regressions(), log),
        ]),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    await metrics?.close();
  };
}
