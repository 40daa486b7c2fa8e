import { join } from 'node:path';
import getPort from 'get-port';
import type { Child } from 'oversoak/cluster/child';
import { controlPlaneSettings } from 'oversoak/cluster/environment';
import { findPrograms } from 'oversoak/cluster/programs';
import { redisUrl } from 'oversoak/cluster/redis';
import type { Orders } from './inside/orders.ts';
import { ordered, writeOrders } from './ordered.ts';
import { PASSWORD } from './redis-process.ts';
import { startProgram } from './start-program.ts';

export const TOKEN = 'a-token-of-the-faults-of-oversoak';

/** A control plane that dies and comes back at the same address. */
export class PlaneProcess {
  readonly url: string;
  readonly #name: string;
  readonly #port: number;
  readonly #redisPort: number;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: Child | undefined;
  #starts = 0;

  private constructor(
    name: string,
    port: number,
    redisPort: number,
    folder: string,
    environment: NodeJS.ProcessEnv,
  ) {
    this.#name = name;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#redisPort = redisPort;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(
    name: string,
    redisPort: number,
    folder: string,
    environment: NodeJS.ProcessEnv,
  ): Promise<PlaneProcess> {
    const port = await getPort({ host: '127.0.0.1' });
    const plane = new PlaneProcess(name, port, redisPort, folder, environment);
    await plane.order({});
    await plane.start();
    return plane;
  }

  async start(): Promise<void> {
    this.#starts += 1;
    const url = redisUrl(this.#redisPort, PASSWORD);
    this.#child = await startProgram({
      name: this.#name,
      file: findPrograms().controlPlane,
      env: {
        ...this.#environment,
        ...ordered(this.#ordersFile),
        ...controlPlaneSettings({ redisUrl: url, token: TOKEN, port: this.#port }),
      },
      logFile: join(this.#folder, `${this.#name}-${this.#starts}.log`),
      readyWith: 'listening',
    });
  }

  get #ordersFile(): string {
    return join(this.#folder, `${this.#name}.json`);
  }

  order(orders: Partial<Orders>): Promise<void> {
    return writeOrders(this.#ordersFile, orders);
  }

  /** Answers once it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill();
    await this.#child?.stop();
    this.#child = undefined;
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
    this.#child = undefined;
  }
}
