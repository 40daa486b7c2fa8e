// What the user can give a cluster and what it may lack: looked at before anything starts, so that
// it is named in one line and not by the process that fails of it.
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { CannotRun, systemReason } from '../shell/failure.ts';

const API_HOST = '127.0.0.1';
const REDIS_PORT = 6379;
const REDIS_MS = 5_000;

/** The variable that names the folder for temporary files. */
export const TEMPORARY = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';

/**
 * @param variable of the environment, which names another folder
 * @throws CannotRun that names the folder
 */
export async function requireWritable(folder: string, variable: string | null): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await rm(await mkdtemp(join(folder, 'oversoak-')), { recursive: true });
  } catch (error) {
    const hint = variable === null ? '' : `; set ${variable} to another folder`;
    throw new CannotRun(`cannot write ${folder}: ${systemReason(error)}${hint}`);
  }
}

/** @throws CannotRun if the API cannot listen on the port; 0 is any free one */
export async function requireFreePort(port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await once(server.listen(port, API_HOST), 'listening');
  } catch (error) {
    const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const what = inUse ? 'is in use' : `cannot be had (${systemReason(error)})`;
    throw new CannotRun(`port ${port} ${what}; choose another with --port N, or 0 for a free one`);
  }
  server.close();
  await once(server, 'close');
}

/**
 * @param url of the option --redis
 * @throws CannotRun if nothing answers at its address
 */
export async function requireRedis(url: string, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(url);
  // Without the brackets of an IPv6 address.
  const host = hostname.replace(/^\[|\]$/g, '') || API_HOST;
  const socket = connect(Number(port) || REDIS_PORT, host);
  const late = AbortSignal.timeout(REDIS_MS);
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, late]) });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const why = late.aborted ? `no answer within ${REDIS_MS / 1_000} s` : systemReason(error);
    const where = `${hostname || API_HOST}:${port || REDIS_PORT}`;
    throw new CannotRun(`Redis at ${where} (--redis) cannot be reached: ${why}`);
  } finally {
    socket.destroy();
  }
}
