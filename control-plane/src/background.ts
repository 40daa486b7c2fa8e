import { setTimeout as delay } from 'node:timers/promises';
import type { Telemetry } from '@oversoak/telemetry';
import type { Connections } from './connections.ts';
import type { Log } from './model/log.ts';
import type { Retention } from './retention/decision.ts';
import { retain } from './retention/retain.ts';
import type { Services } from './services.ts';
import type { ClusterMetrics } from './telemetry/cluster-metrics.ts';

export interface BackgroundOptions {
  log: Log;
  retention: Retention;
  telemetry: Telemetry;
  watchEveryMs: number;
  reapEveryMs: number;
  leaseGraceMs: number;
  schedulesEveryMs: number;
  figuresEveryMs: number;
  metrics: ClusterMetrics;
}

/** How soon an agent whose identity was revoked by a control plane that died at once is gone. */
const USERS_EVERY_MS = 5_000;
const SCRIPTS_EVERY_MS = 1_000;
const CONNECTIONS_EVERY_MS = 1_000;

/** Retention counts in days. Concurrent sweeps of two control planes are harmless. */
const SWEEP_EVERY_MS = 3_600_000;

/** Starts the periodic rounds. The returned function stops them. */
export function startBackground(
  services: Services,
  connections: Connections,
  options: BackgroundOptions,
): () => Promise<void> {
  const { soaks, baselines, dispatcher, scheduling, watch, reaper, nowMs } = services;
  const { agentUsers, agentConnections, watchdog } = services;
  const { log, retention, telemetry, leaseGraceMs, metrics } = options;
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
  const { writes } = connections;
  const ifWritable = (work: () => Promise<void>) => async () => {
    if (writes.refusal === null) await work();
  };
  const stops = [
    every(watchEveryMs, ifWritable(look), log),
    every(
      watchEveryMs,
      ifWritable(() => dispatcher.pass()),
      log,
    ),
    every(reapEveryMs, ifWritable(reap), log),
    every(SCRIPTS_EVERY_MS, () => watchdog.look(), log),
    every(CONNECTIONS_EVERY_MS, () => agentConnections.look(), log),
    every(
      USERS_EVERY_MS,
      ifWritable(() => agentUsers.pass()),
      log,
    ),
    // Deleting may be what makes a full Redis accept writes again.
    every(SWEEP_EVERY_MS, sweep, log),
    every(
      schedulesEveryMs,
      ifWritable(() => scheduling.pass()),
      log,
    ),
    ...(telemetry.on
      ? [
          every(
            figuresEveryMs,
            ifWritable(() => metrics.refresh()),
            log,
          ),
        ]
      : []),
    every(
      figuresEveryMs,
      ifWritable(() => metrics.regressions()),
      log,
    ),
  ];
  // A Redis that restarted has no users of agents, which try again meanwhile.
  const onReady = () =>
    void agentUsers
      .pass()
      .catch((error: unknown) => log.error({ err: error }, 'could not write the users of agents'));
  connections.redis.on('ready', onReady);
  return async () => {
    connections.redis.off('ready', onReady);
    await Promise.all(stops.map((stop) => stop()));
    await metrics.close();
  };
}

/** Repeats `work` after each interval, never twice at once. The returned function stops it. */
function every(intervalMs: number, work: () => Promise<void>, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async () => {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        // The next round finds the same work again, since all of it is derived from what is stored.
        if (!signal.aborted) log.error({ err: error }, 'a background round failed');
      }
      await delay(intervalMs, null, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  };
  const ended = loop();
  return async () => {
    stopping.abort();
    await ended;
  };
}
