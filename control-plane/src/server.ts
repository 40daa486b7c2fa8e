import type { AddressInfo } from 'node:net';
import { assemble, emptyApp } from './app.ts';
import { startCluster } from './cluster.ts';
import type { Config } from './config.ts';
import { LIMITS } from './run/deadlines.ts';

export interface RunningServer {
  /** e.g. http://127.0.0.1:7700 */
  url: string;
  close(): Promise<void>;
}

/** A whole control plane: cluster, API, listening. Throws UnfitRedisError. */
export async function startServer(config: Config): Promise<RunningServer> {
  // Standard output is for the line that tells the address.
  const app = emptyApp({ level: config.logLevel, stream: process.stderr });
  const { redisUrl, maxRunSeconds } = config;
  const limits = { ...LIMITS, maxRunSeconds };
  const cluster = await startCluster({ redisUrl, log: app.log, limits });
  const close = async () => {
    await app.close();
    await cluster.close();
  };
  try {
    const { token, rateLimitPerMinute } = config;
    await assemble(app, { cluster, token, rateLimitPerMinute });
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await close();
    throw error;
  }
  const { address, family, port } = app.server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return { url: `http://${host}:${port}`, close };
}
