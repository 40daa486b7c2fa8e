// The settings that the cluster gives its processes; what they mean stands in contracts' settings.
import type { SettingNameOf } from '@oversoak/contracts';

/** A shell's own OVERSOAK_ settings are for other commands and would mislead this cluster's parts. */
export function inheritedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('OVERSOAK_')),
  );
}

/** How often metrics go out where nobody set it: a demo is over before OpenTelemetry's minute. */
const METRIC_INTERVAL_MS = '5000';

/** What would go before the receiver that was asked for, or keep everything from it. */
const OTHER_RECEIVERS = [
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_SDK_DISABLED',
] satisfies SettingNameOf<'telemetry'>[] as readonly string[];

/** The environment with `otlp` as the receiver of traces and metrics; as it is without one. */
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

/** How much agents tell is the user's to say, in this cluster as in any. */
const AGENT_TELEMETRY = [
  'OVERSOAK_METRICS_RUN_ID',
  'OVERSOAK_TRACE_INTERVAL_SECONDS',
  'OVERSOAK_SLOW_ECHOES',
] satisfies SettingNameOf<'agent'>[] as readonly string[];

export function agentTelemetrySettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => AGENT_TELEMETRY.includes(name)),
  );
}

export function controlPlaneSettings({
  redisUrl,
  token,
  port,
}: {
  redisUrl: string;
  token: string;
  port: number;
}): Record<string, string> {
  return {
    OVERSOAK_REDIS_URL: redisUrl,
    OVERSOAK_HOST: '127.0.0.1',
    OVERSOAK_PORT: String(port),
    OVERSOAK_TOKEN: token,
    OVERSOAK_STOP_ON_STDIN_END: '1',
  } satisfies Partial<Record<SettingNameOf<'control-plane'>, string>>;
}

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
    OVERSOAK_REDIS_URL: redisUrl,
    OVERSOAK_AGENT_ID: agentId,
    OVERSOAK_ADVERTISE_HOST: '127.0.0.1',
    OVERSOAK_SLOTS: '1',
    OVERSOAK_SPOOL_DIR: spoolFolder,
    // The cluster is the user's own, and so are the faults planted in it.
    OVERSOAK_ALLOW_FAULTS: '1',
    OVERSOAK_STOP_ON_STDIN_END: '1',
  } satisfies Partial<Record<SettingNameOf<'agent'>, string>>;
}
