import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '@oversoak/testing/waiting/until';
import type { Child } from 'oversoak/cluster/child';
import { agentSettings } from 'oversoak/cluster/environment';
import { findPrograms } from 'oversoak/cluster/programs';
import { redisUrl } from 'oversoak/cluster/redis';
import type { Orders } from './inside/orders.ts';
import { Link } from './link.ts';
import { INSIDE, ordered, writeOrders } from './ordered.ts';
import { PASSWORD } from './redis-process.ts';
import { startProgram } from './start-program.ts';

/** Short, so that a case which waits for its end is; the product's own is 10 s. */
export const LEASE_SECONDS = 4;

interface LogLine {
  message: string;
  runId?: string;
  role?: string;
  hostPid?: number;
}

/** An agent on this machine behind a link of its own, over all the processes that it was. */
export class AgentProcess {
  readonly agentId: string;
  readonly link: Link;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #orders: Partial<Orders> = {};
  #child: Child | undefined;
  #starts = 0;

  private constructor(agentId: string, link: Link, folder: string, environment: NodeJS.ProcessEnv) {
    this.agentId = agentId;
    this.link = link;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(
    agentId: string,
    redisPort: number,
    parent: string,
    environment: NodeJS.ProcessEnv,
  ): Promise<AgentProcess> {
    const folder = join(parent, agentId);
    await mkdir(folder);
    const agent = new AgentProcess(agentId, await Link.open(redisPort), folder, environment);
    await agent.order({});
    await agent.start();
    return agent;
  }

  /** Answers once it is registered. */
  async start(): Promise<void> {
    this.#starts += 1;
    const url = redisUrl(this.link.port, PASSWORD);
    this.#child = await startProgram({
      name: this.agentId,
      file: findPrograms().agent,
      env: {
        ...this.#environment,
        ...ordered(this.#ordersFile),
        ...agentSettings({ redisUrl: url, agentId: this.agentId, spoolFolder: this.#spoolFolder }),
        OVERSOAK_LABELS: `id=${this.agentId}`,
        OVERSOAK_ENGINE: join(INSIDE, 'engine.js'),
        OVERSOAK_LEASE_SECONDS: String(LEASE_SECONDS),
      },
      logFile: this.#logFile(this.#starts),
      readyWith: 'registered',
    });
  }

  get pid(): number {
    if (this.#child === undefined) throw new Error(`${this.agentId} does not run`);
    return this.#child.pid;
  }

  get #ordersFile(): string {
    return join(this.#folder, 'orders.json');
  }

  get #spoolFolder(): string {
    return join(this.#folder, 'spool');
  }

  #logFile(start: number): string {
    return join(this.#folder, `agent-${start}.log`);
  }

  async order(orders: Partial<Orders>): Promise<void> {
    this.#orders = { ...this.#orders, ...orders };
    await writeOrders(this.#ordersFile, this.#orders);
  }

  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** The agent and its host processes: the whole machine stands still. */
  freezeMachine(): void {
    for (const group of groupsOf(this.pid)) process.kill(-group, 'SIGSTOP');
  }

  thawMachine(): void {
    for (const group of groupsOf(this.pid)) process.kill(-group, 'SIGCONT');
  }

  /** The agent and its host processes, frozen or not. */
  killMachine(): void {
    if (this.#child === undefined) return;
    for (const group of groupsOf(this.#child.pid)) process.kill(-group, 'SIGKILL');
  }

  /** Answers once it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill();
    await this.#child?.stop();
    this.#child = undefined;
  }

  /** The process as it is now goes on by itself; the next start is another one. */
  leaveBehind(): Child {
    if (this.#child === undefined) throw new Error(`${this.agentId} does not run`);
    const child = this.#child;
    this.#child = undefined;
    return child;
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
    await this.link.close();
  }

  /** Kills the host process of a run once there is one. */
  async crashHost(runId: string): Promise<void> {
    const pid = await until(`a host process of ${runId} on ${this.agentId}`, async () => {
      const lines = await this.#log();
      return lines.findLast((line) => line.runId === runId && line.hostPid)?.hostPid ?? null;
    });
    process.kill(pid, 'SIGKILL');
  }

  /** How often this agent began to run its part, over all the processes that it was. */
  async timesStarted(runId: string): Promise<number> {
    const lines = await this.#log();
    return lines.filter((line) => line.runId === runId && line.message === 'part is running')
      .length;
  }

  async spooled(): Promise<string[]> {
    return (await readdir(join(this.#spoolFolder, this.agentId))).filter((name) =>
      name.endsWith('.json'),
    );
  }

  async #log(): Promise<LogLine[]> {
    const texts = await Promise.all(
      Array.from({ length: this.#starts }, (_, index) =>
        readFile(this.#logFile(index + 1), 'utf8'),
      ),
    );
    return texts.flatMap((text) =>
      text
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as LogLine),
    );
  }
}

/** Process groups of an agent and its host processes, each of which leads one. */
function groupsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}
