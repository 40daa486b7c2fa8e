// The only file of the agent that reads the environment.
import { randomBytes } from 'node:crypto';
import { hostname, type NetworkInterfaceInfo, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AGENT_ID_PATTERN,
  DEFAULT_TARGETS,
  LEASE_MS,
  MAX_SLOW_ECHOES,
  readAllowedTarget,
} from '@oversoak/contracts';

export interface AgentConfig {
  redisUrl: string;
  agentId: string;
  labels: Record<string, string>;
  slots: number;
  /** IPv4 address at which fleets reach the servers of this agent. */
  advertisedHost: string;
  allowsFaults: boolean;
  /** What its fleets may load beside the servers of their gangs: `address[/bits][:port]`. */
  targets: string[];
  /** Where signals do not exist (Wine), the end of stdin is how a parent stops the agent. */
  stopOnStdinEnd: boolean;
  /** Holds one folder per agent id. */
  spoolDir: string;
  /** How long the cluster waits for a sign of life before this agent is taken for lost. */
  leaseMs: number;
  /** Module specifier or absolute path of the engine. */
  engine: string;
  /** Metrics that may bear the id of their run do. */
  metricsRunId: boolean;
  /** Of the traces of intervals. */
  traceIntervalMs: number;
  /** Slowest echoes of an interval that are traced. */
  slowEchoes: number;
}

export interface Machine {
  hostname: string;
  addresses: readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[];
  tempDir: string;
}

export class ConfigError extends Error {
  override name = 'ConfigError';
}

const LABEL_NAME = /^[a-z0-9][a-z0-9_.-]*$/;
/** As the schema of a registration. */
const MAX_SLOTS = 64;

type Reader<T> = (value: string | undefined, machine: Machine) => T;

function flag(value: string | undefined): boolean {
  if (value !== undefined && value !== '0' && value !== '1') {
    throw new ConfigError(`must be 0 or 1, not "${value}"`);
  }
  return value === '1';
}

function redisUrl(value = 'redis://127.0.0.1:6379'): string {
  const protocol = URL.canParse(value) ? new URL(value).protocol : null;
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new ConfigError(`must be a redis:// or rediss:// URL`);
  }
  return value;
}

/** A machine's name as an agent id: lower case, other characters as hyphens. */
export function idFromHostname(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return id === '' ? `agent-${randomBytes(4).toString('hex')}` : id;
}

const agentId: Reader<string> = (value, machine) => {
  const id = value ?? idFromHostname(machine.hostname);
  if (!new RegExp(AGENT_ID_PATTERN).test(id)) {
    throw new ConfigError(`must match ${AGENT_ID_PATTERN}, not "${id}"`);
  }
  return id;
};

function labels(value = ''): Record<string, string> {
  const pairs = value.split(',').filter((pair) => pair.trim() !== '');
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at === -1 || !LABEL_NAME.test(name)) {
      throw new ConfigError(`must be "name=value,name=value" with names like ${LABEL_NAME.source}`);
    }
    return [name, pair.slice(at + 1).trim()] as const;
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigError(`names the label "${twice}" twice`);
  return Object.fromEntries(entries);
}

function wholeNumber(value: string, { least, most }: { least: number; most: number }): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least || number > most) {
    throw new ConfigError(`must be a whole number from ${least} to ${most}, not "${value}"`);
  }
  return number;
}

const slots = (value = '1') => wholeNumber(value, { least: 1, most: MAX_SLOTS });

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

const advertisedHost: Reader<string> = (value, machine) => {
  const outside = machine.addresses.find((each) => !each.internal && each.family === 'IPv4');
  const host = value ?? outside?.address ?? '127.0.0.1';
  if (!IPV4.test(host)) throw new ConfigError(`must be an IPv4 address, not "${host}"`);
  return host;
};

/** An empty value allows none. */
function targets(value = DEFAULT_TARGETS.join(',')): string[] {
  const entries = value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const bad = entries.find((entry) => readAllowedTarget(entry) === undefined);
  if (bad !== undefined) {
    throw new ConfigError(
      `must be "address[/bits][:port],..." with IPv4 addresses like 10.0.0.0/8:7000, not "${bad}"`,
    );
  }
  return entries;
}

/** Shorter ones lapse on a machine that is merely busy; longer ones hold a gang for a dead agent. */
const LEASE_SECONDS = { least: 2, most: 600 };

const leaseMs = (value = String(LEASE_MS / 1000)) => wholeNumber(value, LEASE_SECONDS) * 1000;

/** A trace for each second and part is the most that a receiver is asked to take. */
const TRACE_INTERVAL_SECONDS = { least: 1, most: 3600 };
const traceIntervalMs = (value = '10') => wholeNumber(value, TRACE_INTERVAL_SECONDS) * 1000;

const slowEchoes = (value = '3') => wholeNumber(value, { least: 0, most: MAX_SLOW_ECHOES });

function nonEmpty(value: string): string {
  if (value.trim() === '') throw new ConfigError('must not be empty');
  return value;
}

const READERS: Record<
  string,
  readonly [keyof AgentConfig, Reader<AgentConfig[keyof AgentConfig]>]
> = {
  OVERSOAK_REDIS_URL: ['redisUrl', redisUrl],
  OVERSOAK_AGENT_ID: ['agentId', agentId],
  OVERSOAK_LABELS: ['labels', labels],
  OVERSOAK_SLOTS: ['slots', slots],
  OVERSOAK_ADVERTISE_HOST: ['advertisedHost', advertisedHost],
  OVERSOAK_ALLOW_FAULTS: ['allowsFaults', flag],
  OVERSOAK_TARGETS: ['targets', targets],
  OVERSOAK_STOP_ON_STDIN_END: ['stopOnStdinEnd', flag],
  OVERSOAK_SPOOL_DIR: [
    'spoolDir',
    (value, machine) => nonEmpty(value ?? join(machine.tempDir, 'oversoak-spool')),
  ],
  OVERSOAK_LEASE_SECONDS: ['leaseMs', leaseMs],
  OVERSOAK_METRICS_RUN_ID: ['metricsRunId', flag],
  OVERSOAK_TRACE_INTERVAL_SECONDS: ['traceIntervalMs', traceIntervalMs],
  OVERSOAK_SLOW_ECHOES: ['slowEchoes', slowEchoes],
  OVERSOAK_ENGINE: ['engine', (value = '@oversoak/native-server') => nonEmpty(value)],
};

/** @throws ConfigError that names every variable with a bad value. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  machine: Machine,
): AgentConfig {
  const problems: string[] = [];
  const config: Partial<Record<keyof AgentConfig, unknown>> = {};
  for (const [variable, [field, read]] of Object.entries(READERS)) {
    try {
      config[field] = read(env[variable], machine);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(`${variable} ${error.message}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('; '));
  return config as unknown as AgentConfig;
}

/** Variables that look like ours and are not: those of another part of oversoak, or typing errors. */
export function unreadVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).filter((name) => name.startsWith('OVERSOAK_') && !(name in READERS));
}

export interface LoadedConfig {
  config: AgentConfig;
  unread: string[];
}

export function loadConfig(): LoadedConfig {
  const machine: Machine = {
    hostname: hostname(),
    addresses: Object.values(networkInterfaces()).flatMap((each) => each ?? []),
    tempDir: tmpdir(),
  };
  return { config: readConfig(process.env, machine), unread: unreadVariables(process.env) };
}
