import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { STACK_FOLDER } from '../../src/stack/stack.ts';

/** What the set-up of the tests fetches where Docker has no Compose plugin. */
const FETCHED = join(STACK_FOLDER, '.oversoak/docker-compose/docker-compose');

export interface Port {
  host_ip: string;
  published: string;
  target: number;
}

export interface Service {
  image: string;
  build?: { target: string };
  restart: string;
  security_opt: string[];
  cap_drop: string[];
  read_only?: boolean;
  mem_limit: string;
  stop_grace_period: string;
  logging: { options: Record<string, string> };
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  ports?: Port[];
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[];
}

export interface Project {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

export type Settings = Record<string, string>;

/** The files as `docker compose config` understands them; rejects with what it says. */
export async function composeConfig(files: string[], settings: Settings): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-test-compose-'));
  try {
    const envFile = join(folder, 'env');
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(envFile, lines.join(''));
    const [program, words] = existsSync(FETCHED) ? [FETCHED, []] : ['docker', ['compose']];
    const inFiles = files.flatMap((file) => ['--file', file]);
    // Nothing of the shell's may decide.
    const options = { cwd: STACK_FOLDER, env: { PATH: process.env.PATH, HOME: folder } };
    await promisify(execFile)(program, [...words, 'version'], options).catch((error: unknown) => {
      const needed = 'Docker Compose is missing: "npm run setup -- --tests" fetches it';
      throw new Error(needed, { cause: error });
    });
    const { stdout } = await promisify(execFile)(
      program,
      [...words, '--env-file', envFile, ...inFiles, 'config', '--format', 'json'],
      options,
    );
    return JSON.parse(stdout) as Project;
  } finally {
    await rm(folder, { recursive: true });
  }
}
