import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { Child, READY_MS } from './child.ts';

/** Another program may take a free port before Redis binds it. */
const PORT_ATTEMPTS = 5;

export interface RedisOptions {
  /** An empty or absent folder for the configuration, data and log. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Called with each process that was started, so that the caller can always stop it. */
  started: (child: Child) => void;
}

/** The user of control planes. Agents get users of their own, and `default` is off. */
export const REDIS_USER = 'oversoak';

export function redisUrl(port: number, password: string): string {
  return `redis://${REDIS_USER}:${password}@127.0.0.1:${port}`;
}

/** Starts a private Redis on loopback with a random password. */
export async function startRedis(options: RedisOptions): Promise<{ url: string; child: Child }> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const launcher = await redisLauncher();
  const password = randomBytes(24).toString('hex');
  for (let attempt = 1; ; attempt += 1) {
    const port = await getPort({ host: '127.0.0.1' });
    try {
      const child = await startOn(port, password, launcher, options);
      return { url: redisUrl(port, password), child };
    } catch (error) {
      const taken = messageOf(error).includes('Address already in use');
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** Redis settings that the cluster requires: durable writes, no eviction, nobody without a name. */
export function redisConfiguration(port: number, password: string, folder: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    // Off, so nobody can be it. Its rights remain: with them Redis reads its own append-only file, and
    // without them it drops every transaction there.
    'user default off ~* &* +@all',
    `user ${REDIS_USER} on >${password} ~* &* +@all`,
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');
}

async function startOn(
  port: number,
  password: string,
  launcher: readonly string[],
  { folder, environment, signal, started }: RedisOptions,
): Promise<Child> {
  const configuration = join(folder, 'redis.conf');
  await writeFile(configuration, redisConfiguration(port, password, folder), { mode: 0o600 });
  const [command = '', ...args] = [...launcher, 'redis-server', configuration];
  const child = await Child.start({
    name: 'redis-server',
    command,
    args,
    env: environment,
    cwd: folder,
    // A separate log per attempt, so that the failure of one is not read as that of the next.
    logFile: join(folder, `redis-${port}.log`),
    stopBy: 'SIGTERM',
  });
  started(child);
  await child.ready(
    (line) => (line.includes('Ready to accept connections') ? true : undefined),
    READY_MS,
    signal,
  );
  return child;
}

/**
 * Redis does not read stdin, so it would outlive a parent that is killed. On Linux, `setpriv`
 * (util-linux) makes the kernel end it with its parent.
 */
export async function redisLauncher(): Promise<string[]> {
  const missing = 'redis-server is missing: install it (on Debian: apt-get install redis-server)';
  await promisify(execFile)('redis-server', ['--version']).catch((error: unknown) => {
    throw new CannotRun(`${missing} or give the URL of one with --redis\n${messageOf(error)}`);
  });
  if (process.platform !== 'linux') return [];
  const launcher = ['setpriv', '--pdeathsig', 'TERM'];
  return promisify(execFile)('setpriv', ['--pdeathsig', 'TERM', 'true']).then(
    () => launcher,
    () => [],
  );
}
