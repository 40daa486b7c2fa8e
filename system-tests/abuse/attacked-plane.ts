import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { Child } from 'oversoak/cluster/child';
import { controlPlaneSettings, inheritedEnvironment } from 'oversoak/cluster/environment';
import { jsonLine } from 'oversoak/cluster/log-file';
import { findPrograms } from 'oversoak/cluster/programs';
import { REDIS_USER } from 'oversoak/cluster/redis';

/** Of the control plane's heap (V8's own limit) and of its whole process (its peak, from /proc). */
export const MEMORY_MIB = 1024;
export const TOKEN = 'a-token-of-the-abuse-of-oversoak';
const READY_MS = 60_000;
/** Thousands of them on a machine that has other work too. */
const REFUSED_WITHIN_MS = 240_000;
const KIB_PER_MIB = 1024;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Of the body, if it is JSON. */
  json: unknown;
  tookMs: number;
}

export interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: string | Buffer | object;
  type?: string;
  token?: string;
  headers?: Record<string, string>;
  /** Address of the caller. */
  from?: string;
}

export interface AttackedOptions {
  /** As on redis-server's command line. */
  redis?: string[];
  password?: string;
  /** More settings of the control plane. */
  settings?: Record<string, string>;
}

/** As the product's own Redis has them: nobody without a name, and the control plane. */
const usersOf = (password: string) => [
  ...['--user', 'default', 'off'],
  ...['--user', REDIS_USER, 'on', `>${password}`, '~*', '&*', '+@all'],
];

/**
 * A real Redis and a real control plane, which is a process of its own with a heap of 1 GiB. Neither
 * a cgroup nor `ulimit -v` bounds it: the first needs rights that a test has not, and V8 reserves
 * more addresses than it uses. `peakMiB` is what a cgroup would have counted for the process.
 */
export class AttackedPlane {
  readonly port: number;
  readonly redisServer: RedisServer;
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  readonly #agents: SimulatedAgent[] = [];
  #child: Child | undefined;

  private constructor(
    port: number,
    redisServer: RedisServer,
    folder: string,
    { password, settings = {} }: AttackedOptions,
  ) {
    this.port = port;
    this.redisServer = redisServer;
    this.redisUrl = redisServer.url.replace(
      '//',
      password === undefined ? '//' : `//${REDIS_USER}:${password}@`,
    );
    this.redis = new Redis(this.redisUrl, { maxRetriesPerRequest: null });
    this.redis.on('error', () => undefined);
    this.#folder = folder;
    this.#settings = settings;
  }

  static async start(options: AttackedOptions = {}): Promise<AttackedPlane> {
    const { redis = [], password } = options;
    const words = password === undefined ? redis : [...redis, ...usersOf(password)];
    const redisServer = await RedisServer.start(...words);
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-abuse-'));
    const port = await getPort({ host: '127.0.0.1' });
    const plane = new AttackedPlane(port, redisServer, folder, options);
    await plane.up();
    return plane;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.#child === undefined) throw new Error('the control plane does not run');
    return this.#child.pid;
  }

  /** Rejects with the log's last lines if it does not become ready. */
  async up(settings: Record<string, string> = {}): Promise<void> {
    const child = await Child.start({
      name: 'control plane',
      command: process.execPath,
      args: [`--max-old-space-size=${MEMORY_MIB}`, findPrograms().controlPlane],
      cwd: dirname(findPrograms().controlPlane),
      env: {
        ...inheritedEnvironment(process.env),
        ...controlPlaneSettings({ redisUrl: this.redisUrl, token: TOKEN, port: this.port }),
        ...this.#settings,
        ...settings,
      },
      logFile: this.#logFile,
      stopBy: 'stdin-end',
    });
    this.#child = child;
    await child.ready(jsonLine('listening'), READY_MS, new AbortController().signal);
  }

  /** As a process that is killed leaves it. */
  async down(): Promise<void> {
    this.#child?.kill();
    await this.#child?.stop();
    this.#child = undefined;
  }

  /** Whether the process of the last start still runs. */
  async isAlive(): Promise<boolean> {
    const { status } = await this.call('/healthz', { token: '' });
    return status === 200;
  }

  /** The most memory that its process had at any time, in MiB. */
  async peakMiB(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / KIB_PER_MIB;
  }

  /** Seconds of processor time that its process has used. */
  async cpuSeconds(): Promise<number> {
    const stat = await readFile(`/proc/${this.pid}/stat`, 'utf8');
    // Behind the name, which may have spaces: the 14th and the 15th field, in hundredths.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async log(): Promise<string> {
    return await readFile(this.#logFile, 'utf8');
  }

  /** Agents that speak the job protocol and do what the test says. */
  async agent(agentId: string): Promise<SimulatedAgent> {
    const agent = await SimulatedAgent.start(this.redisUrl, agentId);
    this.#agents.push(agent);
    return agent;
  }

  /** Over a connection of its own, so that one that was broken off disturbs no other. */
  async call(path: string, options: Request = {}): Promise<Answer> {
    const { method = 'GET', body, token = TOKEN, type, from } = options;
    const isPlain = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
    const bytes = isPlain ? JSON.stringify(body) : (body ?? '');
    const headers = {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
      ...options.headers,
    };
    const startMs = performance.now();
    return await new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, {
        ...{ method, headers, agent: false },
        ...(from === undefined ? {} : { localAddress: from }),
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const { statusCode: status = 0, headers: received } = response;
          const isJson = /\bjson\b|\+json/.test(String(received['content-type']));
          const json: unknown = isJson ? JSON.parse(text) : null;
          resolve({ status, headers: received, text, json, tookMs: performance.now() - startMs });
        });
      });
      sent.end(bytes);
    });
  }

  /**
   * As `call`, of an answer that is to be JSON of this form. On a busy machine a control plane that has
   * just started refuses as overloaded, before it does anything: that is asked again.
   */
  async ask<T>(path: string, options: Request = {}): Promise<T> {
    const { status, text, json } = await until(`an answer to ${path}`, async () => {
      const answer = await this.call(path, options);
      return answer.status === 503 && answer.text.includes('is overloaded') ? null : answer;
    });
    if (status >= 300) throw new Error(`${path}: ${status} ${text.slice(0, 300)}`);
    return json as T;
  }

  /**
   * The number of refused reports by reason, when there is one of this reason. A control plane that is
   * not ready, as while its Redis takes in what a test appends, says them all the same.
   */
  async refused(reason: string, count = 1): Promise<Record<string, number>> {
    return await until(
      `${count} refused as ${reason}`,
      async () => {
        const { json } = await this.call('/readyz');
        const { reportsRefused = {} } = json as { reportsRefused?: Record<string, number> };
        return (reportsRefused[reason] ?? 0) >= count ? reportsRefused : null;
      },
      REFUSED_WITHIN_MS,
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#agents.splice(0).map((agent) => agent.stop()));
    await this.#child?.stop();
    this.redis.disconnect();
    await this.redisServer.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #logFile(): string {
    return join(this.#folder, 'control-plane.log');
  }
}
