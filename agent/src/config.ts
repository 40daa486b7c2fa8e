// The only file of the agent that reads the environment.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, type NetworkInterfaceInfo, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgentIdentity,
  type AllowedPlugin,
  allowsAddress,
  type ReadText,
  readAllowedPlugin,
  readSettings,
  redisTransport,
  type SettingNameOf,
  SettingsError,
  settingsOf,
  trusting,
  type Variables,
} from '@oversoak/contracts';
import type { GivenReceiver } from '@oversoak/telemetry';
import { readIdentity, redisUrlOf } from './identity/identity-file.ts';
import { telemetryReceiver } from './identity/telemetry-receiver.ts';
import type { RedisAccess } from './redis/redis.ts';

export interface AgentConfig extends RedisAccess {
  agentId: string;
  labels: Record<string, string>;
  slots: number;
  /** Address at which fleets reach the servers of this agent. */
  advertisedHost: string;
  allowsFaults: boolean;
  /** What its fleets may load beside the servers of their gangs: `address[/bits][:port]`. */
  targets: string[];
  /** Where the servers of its gangs may be: `address[/bits][:port]`. */
  peers: string[];
  /** Libraries that its fleets may load. */
  plugins: AllowedPlugin[];
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
  /** Of an agent that was enrolled; without one it trusts the password of Redis. */
  identity?: AgentIdentity;
  /** That of an agent that was enrolled; OpenTelemetry's variables go before it. */
  receiver?: GivenReceiver | undefined;
}

export interface Machine {
  hostname: string;
  /** Asked only where no setting says the address: Windows can fail to tell. @throws */
  addresses: () => readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[];
  tempDir: string;
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

/** @throws SettingsError */
function outerAddress(machine: Machine): string {
  const outside = addressesOf(machine).find(
    ({ internal, family }) => !internal && family === 'IPv4',
  );
  return outside?.address ?? '127.0.0.1';
}

function addressesOf({ addresses }: Machine) {
  try {
    return addresses();
  } catch (error) {
    const { message } = error as Error;
    throw new SettingsError(
      `the addresses of this machine cannot be read (${message}): give OVERSOAK_ADVERTISE_HOST the ` +
        `address at which fleets reach the servers of this agent`,
    );
  }
}

/** What an identity says, so that no variable may say it as well. */
const OF_IDENTITY = [
  'OVERSOAK_REDIS_URL',
  'OVERSOAK_AGENT_ID',
  'OVERSOAK_LABELS',
  'OVERSOAK_ADVERTISE_HOST',
  'OVERSOAK_TARGETS',
] as const satisfies SettingNameOf<'agent'>[];

/** @throws SettingsError that names every variable with a bad value. Reads the certificates. */
export function readConfig(
  env: Variables,
  machine: Machine,
  readText: ReadText = (path) => readFileSync(path, 'utf8'),
  identity?: AgentIdentity,
): AgentConfig {
  if (identity === undefined) return readOwn(env, machine, readText);
  const twice = OF_IDENTITY.filter((name) => env[name] !== undefined);
  if (twice.length > 0) {
    const names = twice.join(', ');
    throw new SettingsError(`the identity of the agent says what ${names} would say: unset it`);
  }
  const { agentId, labels, address, targets } = identity;
  const said = { OVERSOAK_REDIS_URL: redisUrlOf(identity), OVERSOAK_ADVERTISE_HOST: address };
  const own = readOwn({ ...env, ...said }, machine, readText);
  const { OVERSOAK_ALLOW_PLAINTEXT: plaintext } = readSettings('agent', env, [
    'OVERSOAK_ALLOW_PLAINTEXT',
  ]);
  const transport = trusting(own.redisTransport ?? {}, identity.ca);
  const receiver = telemetryReceiver(identity, transport.tls?.ca ?? identity.ca, plaintext);
  return {
    ...{ ...own, agentId, labels, targets },
    ...{ redisTransport: transport, identity, receiver },
  };
}

function readOwn(env: Variables, machine: Machine, readText: ReadText): AgentConfig {
  const read = readSettings('agent', env);
  return {
    redisUrl: read.OVERSOAK_REDIS_URL,
    redisTransport: redisTransport(read, readText),
    agentId: read.OVERSOAK_AGENT_ID ?? idFromHostname(machine.hostname),
    labels: read.OVERSOAK_LABELS,
    slots: read.OVERSOAK_SLOTS,
    advertisedHost: read.OVERSOAK_ADVERTISE_HOST ?? outerAddress(machine),
    allowsFaults: read.OVERSOAK_ALLOW_FAULTS,
    targets: read.OVERSOAK_TARGETS,
    peers: read.OVERSOAK_PEERS,
    plugins: read.OVERSOAK_PLUGINS.map(readAllowedPlugin).filter((each) => each !== undefined),
    stopOnStdinEnd: read.OVERSOAK_STOP_ON_STDIN_END,
    spoolDir: read.OVERSOAK_SPOOL_DIR ?? join(machine.tempDir, 'oversoak-spool'),
    leaseMs: read.OVERSOAK_LEASE_SECONDS * 1000,
    engine: read.OVERSOAK_ENGINE,
    metricsRunId: read.OVERSOAK_METRICS_RUN_ID,
    traceIntervalMs: read.OVERSOAK_TRACE_INTERVAL_SECONDS * 1000,
    slowEchoes: read.OVERSOAK_SLOW_ECHOES,
  };
}

/** Variables that look like ours and are not: those of another part of oversoak, or typing errors. */
export function unreadVariables(env: Variables): string[] {
  const known: readonly string[] = settingsOf('agent');
  return Object.keys(env).filter((name) => name.startsWith('OVERSOAK_') && !known.includes(name));
}

/**
 * Why fleets may refuse the servers that run here, and what to set; null: they need not. Each agent's
 * own list decides for its fleets; the one of this agent, mostly the default, stands for the others.
 */
export function addressProblem({ advertisedHost, peers, identity }: AgentConfig): string | null {
  if (allowsAddress(peers, advertisedHost)) return null;
  const whose = identity === undefined ? 'OVERSOAK_ADVERTISE_HOST' : '--address of its enrolment';
  return (
    `fleets reach the servers of this agent at ${advertisedHost}, which its own OVERSOAK_PEERS does ` +
    `not allow: a run with a server here ends inconclusive, unless the agent of its fleet allows it. ` +
    `Give ${whose} an address of a private network, or add ${advertisedHost} to OVERSOAK_PEERS of ` +
    `the agents`
  );
}

export interface LoadedConfig {
  config: AgentConfig;
  unread: string[];
}

/** @throws SettingsError; IdentityError */
export function loadConfig(): LoadedConfig {
  const machine: Machine = {
    hostname: hostname(),
    addresses: () => Object.values(networkInterfaces()).flatMap((each) => each ?? []),
    tempDir: tmpdir(),
  };
  const { OVERSOAK_IDENTITY_FILE: file } = readSettings('agent', process.env, [
    'OVERSOAK_IDENTITY_FILE',
  ]);
  const identity = file === undefined ? undefined : readIdentity(file);
  const config = readConfig(process.env, machine, undefined, identity);
  return { config, unread: unreadVariables(process.env) };
}
