// The client of the echo benches: the same for every server.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLIENT_CORE } from './server-process.ts';

const run = promisify(execFile);

const WARM_UP_SECONDS = 0.3;

export interface EchoMeasurement {
  echoesPerSecond: number;
  /** Includes connections that still wait at the end. */
  maxLatencyMs: number;
  /** Of the client's core: near 1, the client is what limits the rate. */
  clientBusy: number;
  /** CPU time of the server for one echo; 0 when its process is not given. */
  serverCpuUs: number;
}

/** `server.pid`: of a server whose CPU time is wanted. */
export async function measureEcho(
  client: string,
  server: { port: number; pid?: number },
  connections: number,
  seconds: number,
  signal: AbortSignal,
): Promise<EchoMeasurement> {
  const args = [server.port, connections, WARM_UP_SECONDS, seconds, server.pid ?? []].flat();
  const { stdout } = await run('taskset', ['-c', CLIENT_CORE, client, ...args.map(String)], {
    signal,
    timeout: (seconds + 30) * 1000,
  });
  const result = JSON.parse(stdout);
  return {
    echoesPerSecond: result.echoes / result.seconds,
    maxLatencyMs: result.maxLatencyUs / 1000,
    clientBusy: result.clientCpuSeconds / result.seconds,
    serverCpuUs: (result.serverCpuSeconds * 1e6) / Math.max(result.echoes, 1),
  };
}
