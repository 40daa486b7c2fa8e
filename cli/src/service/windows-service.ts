import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { home } from '@oversoak/agent/wine';
import { addonPath } from '@oversoak/native-server';
import { CannotRun } from '../shell/failure.ts';
import {
  installSteps,
  logFolder,
  removeSteps,
  type ServiceState,
  type Step,
  stateOf,
  stopStep,
} from './service-steps.ts';

export const SHAWL = {
  version: '1.9.0',
  url: 'https://github.com/mtkennerly/shawl/releases/download/v1.9.0/shawl-v1.9.0-win64.zip',
};

const STOP_POLL_MS = 250;
/** More than the time that Shawl gives the agent. */
const STOP_WITHIN_MS = 30_000;
const ACCESS_DENIED = 5;

const here = new URL(import.meta.url.replace('/dist/src/', '/src/'));
const SCRIPT = fileURLToPath(new URL('../../bin/oversoak.js', here));

export interface ServiceFiles {
  settings: string | undefined;
  identity: string | undefined;
  shawl: string | undefined;
}

/** An agent as a service of this Windows machine. */
export class WindowsService {
  readonly #name: string;
  readonly data: string;

  /** @param programData `%ProgramData%` */
  constructor(name: string, programData: string | undefined) {
    if (process.platform !== 'win32') {
      throw new CannotRun(`services are for Windows, this is ${process.platform}`);
    }
    this.#name = name;
    this.data = join(programData ?? 'C:\\ProgramData', 'oversoak', name);
  }

  get logs(): string {
    return logFolder(this.data);
  }

  /** `settings`: a file of `NAME=value` lines. It is copied, as the identity is. */
  install({ settings, identity, shawl }: ServiceFiles): void {
    if (this.state() !== 'not installed') {
      throw new CannotRun(`there is a service "${this.#name}" already; remove it first`);
    }
    const wrapper = findShawl(shawl);
    for (const file of [settings, identity]) {
      if (file !== undefined && !existsSync(file)) throw new CannotRun(`${file} is missing`);
    }
    mkdirSync(this.logs, { recursive: true });
    const steps = installSteps({
      name: this.#name,
      shawl: wrapper,
      node: process.execPath,
      script: SCRIPT,
      package: home().folder,
      data: this.data,
      settings: this.#kept(settings, 'agent.env'),
      identity: this.#kept(identity, 'agent-identity.json'),
    });
    for (const step of steps) run(step);
  }

  #kept(file: string | undefined, name: string): string | undefined {
    if (file === undefined) return undefined;
    const kept = join(this.data, name);
    copyFileSync(file, kept);
    return kept;
  }

  /** Stops the agent in an orderly way, which ends its runs. The settings and the log stay. */
  async remove(): Promise<void> {
    if (this.state() === 'not installed') {
      throw new CannotRun(`there is no service "${this.#name}"`);
    }
    run(stopStep(this.#name));
    const deadlineMs = performance.now() + STOP_WITHIN_MS;
    while (this.state() !== 'stopped') {
      if (performance.now() > deadlineMs) {
        throw new CannotRun(`"${this.#name}" did not stop within ${STOP_WITHIN_MS / 1000} s`);
      }
      await delay(STOP_POLL_MS);
    }
    for (const step of removeSteps(this.#name)) run(step);
  }

  state(): ServiceState {
    const { status, stdout, error } = spawnSync('sc.exe', ['query', this.#name], {
      encoding: 'utf8',
    });
    if (error) throw new CannotRun(`sc.exe: ${error.message}`);
    return stateOf({ code: status, output: stdout });
  }
}

/** The given one, or the one that a release has beside its addon. */
function findShawl(given: string | undefined): string {
  const path = given ?? join(dirname(addonPath()), 'shawl.exe');
  if (existsSync(path)) return path;
  if (given !== undefined) throw new CannotRun(`${given} is missing`);
  throw new CannotRun(
    `Shawl ${SHAWL.version}, which makes a service of a program, is not in this package: ` +
      `unpack shawl.exe from ${SHAWL.url} and name it with --shawl FILE`,
  );
}

function run({ program, args, optional }: Step): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0 || optional) return;
  const hint = status === ACCESS_DENIED ? ' (run this in a terminal of an administrator)' : '';
  const output = error?.message ?? `exit code ${status}: ${`${stdout}${stderr}`.trim()}`;
  throw new CannotRun(`${[program, ...args].join(' ')}: ${output}${hint}`);
}
