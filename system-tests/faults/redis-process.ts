import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { Child } from 'oversoak/cluster/child';
import { redisConfiguration, redisLauncher } from 'oversoak/cluster/redis';

const READY_MS = 20_000;
export const PASSWORD = 'faults';

/** A redis-server as the product sets it up (AOF, noeviction), which dies and comes back. */
export class RedisProcess {
  readonly port: number;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: Child | undefined;
  #starts = 0;

  private constructor(port: number, folder: string, environment: NodeJS.ProcessEnv) {
    this.port = port;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(folder: string, environment: NodeJS.ProcessEnv): Promise<RedisProcess> {
    await mkdir(folder);
    const port = await getPort({ host: '127.0.0.1' });
    const redis = new RedisProcess(port, folder, environment);
    await writeFile(join(folder, 'redis.conf'), redisConfiguration(port, PASSWORD, folder));
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    this.#starts += 1;
    const configuration = join(this.#folder, 'redis.conf');
    const [command = '', ...args] = [...(await redisLauncher()), 'redis-server', configuration];
    this.#child = await Child.start({
      name: 'redis-server',
      command,
      args,
      env: this.#environment,
      cwd: this.#folder,
      logFile: join(this.#folder, `redis-${this.#starts}.log`),
      stopBy: 'SIGTERM',
    });
    const isReady = (line: string) => (line.includes('Ready to accept') ? true : undefined);
    await this.#child.ready(isReady, READY_MS, new AbortController().signal);
  }

  /** Answers once it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill();
    await this.#child?.stop();
    this.#child = undefined;
  }
}
