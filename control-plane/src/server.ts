import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { openRelay, startTelemetry } from '@oversoak/telemetry';
import { assemble, emptyApp } from './app.ts';
import { startCluster } from './cluster.ts';
import type { Config } from './config.ts';
import { RUN_LIMITS } from './model/run-limits.ts';
import type { Cluster } from './routes/cluster.ts';

// Compiled code is in dist/src.
const require = createRequire(import.meta.url.replace('/dist/src/', '/src/'));
const { version }: { version: string } = require('../package.json');

export interface RunningServer {
  /** e.g. http://127.0.0.1:7700 */
  url: string;
  close(): Promise<void>;
}

/** Identifies this control plane; stable over restarts if its port is set. */
const instanceOf = ({ port }: Config) => `${hostname()}:${port === 0 ? process.pid : port}`;

/** With the authority at its end: a machine that joins knows no more of it than its hash. */
function servedChain({ certificate, agentsAuthority }: Config): Config['certificate'] {
  if (certificate === undefined || !agentsAuthority?.signedApi) return certificate;
  const { cert, key } = certificate;
  return { cert: `${cert.trimEnd()}\n${agentsAuthority.certificate}`, key };
}

/** Starts a whole control plane, which listens. Throws UnfitRedisError, SettingsError. */
export async function startServer(config: Config): Promise<RunningServer> {
  // Standard output is reserved for the line with the address.
  const app = emptyApp({ level: config.logLevel, stream: process.stderr }, servedChain(config));
  const { redisUrl, redisTransport, agentsRedisUrl, agentsAuthority, retention, quotas } = config;
  const { webhookTargets, sealingKeys, maxRunSeconds } = config;
  const limits = { ...RUN_LIMITS, maxRunSeconds };
  const telemetry = await startTelemetry({
    name: 'oversoak-control-plane',
    version,
    instanceId: instanceOf(config),
    warn: (text) => app.log.warn(text),
  });
  const relay = await openRelay();
  let cluster: Cluster | undefined;
  const close = async () => {
    await app.close();
    await cluster?.close();
    await telemetry.close();
  };
  try {
    cluster = await startCluster({
      redisUrl,
      redisTransport,
      agentsRedisUrl,
      agentsAuthority,
      relayedSignals: relay.signals,
      retention,
      quotas,
      webhookTargets,
      sealingKeys,
      log: app.log,
      limits,
      telemetry,
    });
    const { token, rateLimitPerMinute } = config;
    await assemble(app, { cluster, token, rateLimitPerMinute, telemetry, relay });
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await close();
    throw error;
  }
  const { address, family, port } = app.server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  const scheme = config.certificate === undefined ? 'http' : 'https';
  return { url: `${scheme}://${host}:${port}`, close };
}
