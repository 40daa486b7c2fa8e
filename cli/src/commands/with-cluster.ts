import { tmpdir } from 'node:os';
import type { ApiAddress } from '../api/client.ts';
import { withKeptLog, withLog } from '../cluster/child-failed.ts';
import { Cluster } from '../cluster/cluster.ts';
import {
  agentsText,
  needsWine,
  plannedAgents,
  type ServerPlatforms,
} from '../cluster/planned-agents.ts';
import { prepareMachine } from '../cluster/prepare.ts';
import {
  requireFreePort,
  requireRedis,
  requireWritable,
  TEMPORARY,
} from '../cluster/prerequisites.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { reasonOf } from '../shell/failure.ts';
import { print, warn } from '../shell/terminal.ts';

export interface WithClusterOptions {
  redisUrl: string | undefined;
  /** Port of the API; 0 selects a free one. */
  port: number;
  /** Receiver of traces and metrics. */
  otlp: string | undefined;
  /** Platforms of the servers that are to run. */
  servers: ServerPlatforms;
  /** Starts agents that end unexpectedly again, instead of ending the command. */
  restartAgents?: boolean;
}

/**
 * Runs `work` on a private cluster. Ctrl-C and the loss of a part of the cluster abort the signal.
 * Everything is stopped and removed before this settles.
 */
export async function withCluster<T>(
  { config, terminal, interrupts }: Context,
  options: WithClusterOptions,
  work: (address: ApiAddress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  interrupts.install();
  const { redisUrl, servers, port } = options;
  const wine = needsWine(process.platform, servers);
  await requireWritable(tmpdir(), TEMPORARY);
  await requireFreePort(port);
  if (redisUrl !== undefined) await requireRedis(redisUrl, interrupts.signal);
  const needs = { ownRedis: redisUrl === undefined, wine };
  await prepareMachine(needs, (line) => warn(terminal, line), interrupts.signal);
  const agentEnded = (error: Error, pauseSeconds: number) =>
    warn(terminal, `${withLog(error)}\nIt starts again in ${pauseSeconds} s.`);
  const cluster = await Cluster.create({
    ...options,
    environment: config.environment,
    agentEnded: options.restartAgents ? agentEnded : undefined,
    note: (text) => warn(terminal, text),
  });
  const signal = AbortSignal.any([interrupts.signal, cluster.lost]);
  interrupts.onForce(() => {
    warn(terminal, 'Stopping at once.');
    cluster.force();
    process.exit(EXIT.noVerdict);
  });
  try {
    const agents = plannedAgents(process.platform, servers);
    const text = agentsText(process.platform, agents);
    print(terminal, `Starting Redis, the control plane and ${text} ...`);
    return await work(await cluster.start(signal), signal);
  } catch (error) {
    throw await withKeptLog(reasonOf(error, signal));
  } finally {
    await cluster.stop();
  }
}
