import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { SettingNameOf } from '@oversoak/contracts';
import { CannotRun } from '../shell/failure.ts';
import { Compose, type RunOptions } from './compose.ts';
import { placeholders } from './secrets.ts';
import { readServices, type ServiceState } from './services.ts';

/** The repository root, relative to dist/src/stack: compose.yaml and its build contexts. */
export const STACK_FOLDER = fileURLToPath(
  new URL('../../../', import.meta.url.replace('/dist/src/', '/src/')),
);

const FILE = 'compose.yaml';
const LAN_FILE = 'compose.lan.yaml';
/** Docker Compose's own setting; it reads it from the .env file, too. */
const PROFILES = 'COMPOSE_PROFILES';
/**
 * On Ctrl-C docker receives the signal too and ends by itself; after a signal to this process alone
 * it does not.
 */
const ENDS_WITHIN_MS = 10_000;

export interface StackOptions {
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Publishes the ports that Windows agents need on this address; see compose.lan.yaml. */
  lanAddress?: string | undefined;
  /** Starts a native Linux agent, too: the profile `linux` of compose.yaml. */
  withLinux?: boolean | undefined;
}

/** The compose.yaml project, controlled through docker compose. */
export class Stack {
  readonly folder: string;
  /** With the services of the active profiles: what is started. */
  readonly #active: Compose;
  /** With the services of all profiles: what is there may have been started with others. */
  readonly #compose: Compose;

  private constructor(folder: string, active: Compose, compose: Compose) {
    this.folder = folder;
    this.#active = active;
    this.#compose = compose;
  }

  static async open({ folder, environment, lanAddress, withLinux }: StackOptions): Promise<Stack> {
    if (!existsSync(join(folder, FILE))) {
      throw new CannotRun(`${join(folder, FILE)} is missing: the stack needs a complete checkout`);
    }
    const text = await readEnv(folder);
    const address = lanAddress ?? (await lanAddressOf(folder, environment));
    const lan = address !== undefined;
    const composeOf = (profiles: NodeJS.ProcessEnv) =>
      new Compose({
        folder,
        files: lan ? [FILE, LAN_FILE] : [FILE],
        environment: {
          ...environment,
          ...placeholders(environment, text),
          ...(lan && { [LAN]: address }),
          ...profiles,
        },
      });
    const given = environment[PROFILES] ?? parseEnv(text)[PROFILES];
    const active = [given, withLinux ? 'linux' : ''].filter(Boolean).join(',');
    return new Stack(
      folder,
      composeOf(active === '' ? {} : { [PROFILES]: active }),
      composeOf({ [PROFILES]: '*' }),
    );
  }

  /** Fetches and builds missing images and creates the containers without starting them. */
  async prepare(build: boolean, options: RunOptions): Promise<void> {
    await this.#active.run('up', ['--no-start', ...(build ? ['--build'] : [])], options);
  }

  /** Resolves when all health checks pass. */
  async start(withinSeconds: number, options: RunOptions): Promise<void> {
    const wait = ['--wait', '--wait-timeout', String(withinSeconds)];
    await this.#active.run('up', ['--detach', '--no-build', ...wait], options);
  }

  async services(): Promise<ServiceState[]> {
    return readServices(await this.#compose.run('ps', ['--all', '--format', 'json']));
  }

  /** The published address of a service's port, e.g. 127.0.0.1:3000. */
  async published(service: string, port: number): Promise<string> {
    return (await this.#compose.run('port', [service, String(port)])).trim();
  }

  async down(withVolumes: boolean, options: RunOptions): Promise<void> {
    const volumes = withVolumes ? ['--volumes'] : [];
    await this.#compose.run('down', ['--remove-orphans', ...volumes], options);
  }

  async logs(args: readonly string[], options: RunOptions): Promise<void> {
    await this.#compose.run('logs', ['--no-color', ...args], options);
  }

  async serviceNames(): Promise<string[]> {
    const names = await this.#compose.run('config', ['--services']);
    return names.split('\n').filter((name) => name !== '');
  }
}

const LAN = 'OVERSOAK_LAN_ADDRESS' satisfies SettingNameOf<'stack'>;

/** A setting of the stack, in the environment or in its .env file; undefined: not set, or blank. */
export async function stackSetting(
  name: SettingNameOf<'stack'>,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return (environment[name] ?? parseEnv(await readEnv(folder))[name]) || undefined;
}

/** Where agents of other machines reach the stack; undefined: nowhere. */
export function lanAddressOf(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return stackSetting(LAN, folder, environment);
}

/** By which Redis and the API of the stack are reached: in Docker's network, here, and outside. */
export function stackHosts(...addresses: readonly (string | undefined)[]): string[] {
  const outside = addresses.filter((address) => address !== undefined);
  return [...new Set(['redis', 'control-plane', 'localhost', '127.0.0.1', ...outside])];
}

async function readEnv(folder: string): Promise<string> {
  const file = join(folder, '.env');
  return existsSync(file) ? await readFile(file, 'utf8') : '';
}

/** Rejects with the signal's reason once docker has ended or its time is over. */
export async function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  const interrupted = new Promise<never>((_, reject) => {
    const give = () => {
      const overdue = delay(ENDS_WITHIN_MS, undefined, { ref: false });
      void Promise.race([settled, overdue]).then(() => reject(signal.reason));
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([work, interrupted]);
  } catch (error) {
    // Docker's own message about its end by Ctrl-C is not worth showing.
    throw signal.aborted ? signal.reason : error;
  }
}
