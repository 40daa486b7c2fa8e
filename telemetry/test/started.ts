import { startTelemetry, type Telemetry, type TelemetryOptions } from '../src/index.ts';

/** Telemetry as the variables set it; what the process had is set again. */
export async function started(
  variables: Record<string, string>,
  options: Partial<TelemetryOptions> = {},
): Promise<Telemetry> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await startTelemetry({
      name: 'oversoak-agent',
      version: '1.2.3',
      instanceId: 'one',
      warn: () => {},
      ...options,
    });
  } finally {
    process.env = before;
  }
}
