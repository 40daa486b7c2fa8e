// The settings that the cluster gives its processes; what they mean stands in contracts' settings.
import type { SettingNameOf } from '@oversoak/contracts';

/** OVERSOAK_ settings of the user's shell are meant for other commands and are not passed on. */
export function inheritedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('OVERSOAK_')),
  );
}

/** Default export interval of metrics: a demo ends before OpenTelemetry's default of one minute. */
const METRIC_INTERVAL_MS = '5000';

/** Variables that would override the requested receiver or disable the export. */
const OTHER_RECEIVERS = [
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_SDK_DISABLED',
] satisfies SettingNameOf<'telemetry'>[] as readonly string[];

/** The environment with `otlp` as the receiver of traces and metrics; unchanged without `otlp`. */
export function withReceiver(
  environment: NodeJS.ProcessEnv,
  otlp: string | undefined,
): NodeJS.ProcessEnv {
  if (otlp === undefined) return environment;
  const others = Object.entries(environment).filter(([name]) => !OTHER_RECEIVERS.includes(name));
  return {
    OTEL_METRIC_EXPORT_INTERVAL: METRIC_INTERVAL_MS,
    ...Object.fromEntries(others),
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
  };
}

/** What a user may set for the agents as in any cluster: the amount of telemetry, and plug-ins. */
const OF_THE_USER = [
  'OVERSOAK_METRICS_RUN_ID',
  'OVERSOAK_TRACE_INTERVAL_SECONDS',
  'OVERSOAK_SLOW_ECHOES',
  'OVERSOAK_PLUGINS',
] satisfies SettingNameOf<'agent'>[] as readonly string[];

export function userAgentSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => OF_THE_USER.includes(name)),
  );
}

export function controlPlaneSettings({
  redisUrl,
  token,
  port,
  sealingKeys,
}: {
  redisUrl: string;
  token: string;
  port: number;
  sealingKeys?: string | undefined;
}): Record<string, string> {
  return {
    ...(sealingKeys === undefined ? {} : { OVERSOAK_SEALING_KEYS: sealingKeys }),
    OVERSOAK_REDIS_URL: redisUrl,
    OVERSOAK_HOST: '127.0.0.1',
    OVERSOAK_PORT: String(port),
    OVERSOAK_TOKEN: token,
    OVERSOAK_STOP_ON_STDIN_END: '1',
  } satisfies Partial<Record<SettingNameOf<'control-plane'>, string>>;
}

/** Of an agent without an identity, which has the password of Redis. */
export function agentSettings({
  redisUrl,
  agentId,
  spoolFolder,
}: {
  redisUrl: string;
  agentId: string;
  spoolFolder: string;
}): Record<string, string> {
  return {
    ...everyAgent(spoolFolder),
    OVERSOAK_REDIS_URL: redisUrl,
    OVERSOAK_AGENT_ID: agentId,
    OVERSOAK_ADVERTISE_HOST: AGENT_ADDRESS,
  } satisfies Partial<Record<SettingNameOf<'agent'>, string>>;
}

/** Of an agent that has joined with an identity of its own. */
export function enrolledAgentSettings({
  identityFile,
  spoolFolder,
}: {
  identityFile: string;
  spoolFolder: string;
}): Record<string, string> {
  return {
    ...everyAgent(spoolFolder),
    OVERSOAK_IDENTITY_FILE: identityFile,
  } satisfies Partial<Record<SettingNameOf<'agent'>, string>>;
}

/** Of every agent of the cluster, which is one machine. */
export const AGENT_ADDRESS = '127.0.0.1';

function everyAgent(spoolFolder: string) {
  return {
    OVERSOAK_SLOTS: '1',
    OVERSOAK_SPOOL_DIR: spoolFolder,
    // The cluster belongs to the user, so faults are allowed.
    OVERSOAK_ALLOW_FAULTS: '1',
    OVERSOAK_STOP_ON_STDIN_END: '1',
  } satisfies Partial<Record<SettingNameOf<'agent'>, string>>;
}
