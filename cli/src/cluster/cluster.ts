import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_TARGETS } from '@oversoak/contracts';
import type { ApiAddress } from '../api/client.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { type AgentMachine, makeClusterFolder, openAgentMachine } from './agent-machine.ts';
import { Child, READY_MS } from './child.ts';
import { enrol } from './enrol.ts';
import {
  AGENT_ADDRESS,
  agentSettings,
  controlPlaneSettings,
  enrolledAgentSettings,
  inheritedEnvironment,
  userAgentSettings,
  withReceiver,
} from './environment.ts';
import { jsonLine } from './log-file.ts';
import {
  needsWine,
  type PlannedAgent,
  plannedAgents,
  type ServerPlatforms,
} from './planned-agents.ts';
import { findPrograms, type Programs } from './programs.ts';
import { startRedis } from './redis.ts';
import { Waits } from './waits.ts';

export interface ClusterOptions {
  /** An existing Redis to use instead of a private one. */
  redisUrl?: string | undefined;
  /** Port of the API; 0 selects a free one. */
  port: number;
  /** Receiver of traces and metrics; default: the environment's settings. */
  otlp?: string | undefined;
  environment: NodeJS.ProcessEnv;
  /** Platforms of the servers that are to run; they decide which agents there are. */
  servers: ServerPlatforms;
  /** Restarts agents that end unexpectedly, and reports each; default: that loses the cluster. */
  agentEnded?: ((error: CannotRun, pauseSeconds: number) => void) | undefined;
  /** Called with what the user should know and nothing fails of. */
  note?: ((text: string) => void) | undefined;
}

interface RunningAgent {
  machine: AgentMachine;
  child: Child;
}
type StartAgent = (until: AbortSignal) => Promise<RunningAgent>;

/** Redis, a control plane and agents, for the duration of a command. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #folder: string;
  readonly #lost = new AbortController();
  readonly #children: { redis: Child[]; controlPlane: Child[]; agents: Child[] } = {
    redis: [],
    controlPlane: [],
    agents: [],
  };
  readonly #machines = new Set<AgentMachine>();
  /** Parallel starts, some of which may still be in progress when another one fails. */
  readonly #starts: Promise<unknown>[] = [];
  readonly #stopped = new AbortController();
  readonly #waits = new Waits((text) => this.#options.note?.(text));

  private constructor(options: ClusterOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  static async create(options: ClusterOptions): Promise<Cluster> {
    const wine = needsWine(process.platform, options.servers);
    return new Cluster(options, await makeClusterFolder({ wine }));
  }

  /** Aborted with a `CannotRun` when a process of the cluster ends unexpectedly. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get folder(): string {
    return this.#folder;
  }

  /** Resolves with the API's address when everything is up. After a rejection, `stop` cleans up. */
  async start(interrupted: AbortSignal): Promise<ApiAddress> {
    // A failed start aborts the others.
    const failed = new AbortController();
    const signal = AbortSignal.any([interrupted, failed.signal]);
    const parallel = <T>(start: Promise<T>): Promise<T> => {
      const ending = start.catch((error: unknown) => {
        failed.abort(error);
        throw error;
      });
      this.#starts.push(ending);
      return ending;
    };
    const programs = findPrograms();
    const redisUrl = parallel(this.#startRedis(signal));
    const address = parallel(this.#startControlPlane(programs, redisUrl, signal));
    const agents = plannedAgents(process.platform, this.#options.servers).map((agent) =>
      parallel(
        this.#startAgent(programs, agent, this.#settings(agent, redisUrl, address, signal), signal),
      ),
    );
    const [api] = await Promise.all([address, ...agents]);
    return api;
  }

  /**
   * Stops senders of reports before their receivers. Does not reject for processes that have
   * already ended.
   */
  async stop(): Promise<void> {
    this.#stopped.abort(new CannotRun('the cluster stops'));
    await Promise.allSettled(this.#starts);
    const { agents, controlPlane, redis } = this.#children;
    for (const layer of [agents, controlPlane, redis]) {
      await Promise.all(layer.map((child) => child.stop()));
    }
    await Promise.all([...this.#machines].map((machine) => this.#close(machine)));
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** For the second Ctrl-C: kills everything synchronously. */
  force(): void {
    for (const child of Object.values(this.#children).flat()) child.kill();
    for (const machine of this.#machines) machine.force();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #startRedis(signal: AbortSignal): Promise<string> {
    if (this.#options.redisUrl !== undefined) return this.#options.redisUrl;
    const folder = join(this.#folder, 'redis');
    const redis = startRedis({
      folder,
      environment: this.#environment(),
      signal,
      started: (started) => this.#children.redis.push(started),
    });
    const { url, child } = await this.#waits.during({ name: 'redis-server', log: folder }, redis);
    child.onLost((error) => this.#lose(error));
    return url;
  }

  async #startControlPlane(
    programs: Programs,
    redis: Promise<string>,
    signal: AbortSignal,
  ): Promise<ApiAddress> {
    const token = randomBytes(24).toString('base64url');
    const redisUrl = await redis;
    // What a Redis that was given keeps sealed must be opened again by the next cluster on it.
    const { OVERSOAK_SEALING_KEYS: given } = this.#options.environment;
    const isOwn = this.#options.redisUrl === undefined;
    const sealingKeys = isOwn ? randomBytes(24).toString('hex') : given;
    const name = 'control plane';
    const logFile = join(this.#folder, 'control-plane.log');
    const child = await this.#spawn(this.#children.controlPlane, signal, {
      name,
      command: process.execPath,
      args: [programs.controlPlane],
      cwd: dirname(programs.controlPlane),
      env: {
        ...withReceiver(this.#environment(), this.#options.otlp),
        ...controlPlaneSettings({ redisUrl, token, port: this.#options.port, sealingKeys }),
      },
      logFile,
      stopBy: 'stdin-end',
    });
    const url = await this.#waits.during(
      { name, log: logFile },
      child.ready(jsonLine('listening'), READY_MS, signal),
    );
    child.onLost((error) => this.#lose(error));
    return { url, token };
  }

  async #startAgent(
    programs: Programs,
    { id: agentId, platform }: PlannedAgent,
    settings: Promise<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void> {
    // Handled where it is awaited, after the machine, which takes longer to open.
    settings.catch(() => undefined);
    const folder = join(this.#folder, agentId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const logFile = join(folder, 'agent.log');
    const start = async (until: AbortSignal): Promise<RunningAgent> => {
      const machine = await this.#waits.during(
        { name: `the machine of ${agentId}`, log: null },
        openAgentMachine(folder, this.#environment(), platform),
      );
      this.#machines.add(machine);
      try {
        const child = await this.#spawn(this.#children.agents, until, {
          name: agentId,
          command: machine.command,
          args: [...machine.args, programs.agent],
          cwd: dirname(programs.agent),
          env: {
            ...withReceiver(inheritedEnvironment(machine.env), this.#options.otlp),
            ...userAgentSettings(this.#options.environment),
            ...(await settings),
          },
          logFile,
          stopBy: 'stdin-end',
        });
        await this.#waits.during(
          { name: agentId, log: logFile },
          child.ready(jsonLine('registered'), READY_MS, until),
        );
        return { machine, child };
      } catch (error) {
        await this.#close(machine);
        throw error;
      }
    };
    this.#watchAgent(await start(signal), start);
  }

  /** An identity of its own; where this Redis cannot have such users, the password of Redis. */
  async #settings(
    { id: agentId }: PlannedAgent,
    redis: Promise<string>,
    address: Promise<ApiAddress>,
    signal: AbortSignal,
  ): Promise<Record<string, string>> {
    const folder = join(this.#folder, agentId);
    const [spoolFolder, identityFile] = [join(folder, 'spool'), join(folder, 'identity.json')];
    await mkdir(spoolFolder, { recursive: true, mode: 0o700 });
    const enrolment = enrol({
      ...{ api: await address, agentId, address: AGENT_ADDRESS, file: identityFile, signal },
      targets: [...DEFAULT_TARGETS],
    });
    const wait = { name: `the enrolment of ${agentId}`, log: null };
    const reason = await this.#waits.during(wait, enrolment);
    if (reason === null) return enrolledAgentSettings({ identityFile, spoolFolder });
    this.#options.note?.(`${agentId} uses the password of Redis, with all its rights: ${reason}`);
    return agentSettings({ redisUrl: await redis, agentId, spoolFolder });
  }

  #watchAgent(agent: RunningAgent, start: StartAgent): void {
    agent.child.onLost((error) => {
      if (this.#options.agentEnded === undefined) return this.#lose(error);
      this.#starts.push(this.#restartAgent(error, agent.machine, start));
    });
  }

  /** Pauses longer after every failed start. Settles when the agent is back or the cluster stops. */
  async #restartAgent(ended: CannotRun, machine: AgentMachine, start: StartAgent): Promise<void> {
    const { signal } = this.#stopped;
    let error = ended;
    for (let pauseSeconds = 1; !signal.aborted; pauseSeconds = Math.min(60, pauseSeconds * 2)) {
      this.#options.agentEnded?.(error, pauseSeconds);
      try {
        // Its host processes may have survived it.
        await this.#close(machine);
        await delay(pauseSeconds * 1000, undefined, { signal });
        return this.#watchAgent(await start(signal), start);
      } catch (failure) {
        error = failure instanceof CannotRun ? failure : new CannotRun(messageOf(failure));
      }
    }
  }

  async #close(machine: AgentMachine): Promise<void> {
    if (this.#machines.delete(machine)) await machine.stop();
  }

  async #spawn(
    layer: Child[],
    signal: AbortSignal,
    options: Parameters<typeof Child.start>[0],
  ): Promise<Child> {
    signal.throwIfAborted();
    const child = await Child.start(options);
    layer.push(child);
    return child;
  }

  #lose(error: CannotRun): void {
    this.#lost.abort(error);
  }

  #environment(): NodeJS.ProcessEnv {
    return inheritedEnvironment(this.#options.environment);
  }
}
