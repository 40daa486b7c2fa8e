import { readSettings } from './environment.ts';
import { OFF, type Telemetry } from './telemetry.ts';

export interface TelemetryOptions {
  /** `service.name`. */
  name: 'oversoak-agent' | 'oversoak-control-plane';
  /** `service.version`. */
  version: string;
  /** `service.instance.id`: one of the processes of that name. */
  instanceId: string;
  /** Told when delivery fails, once and not for every attempt. */
  warn: (text: string) => void;
  /** Unix time, ms, to which metrics are dated; the machine's wall clock if not given. */
  now?: () => number;
}

/**
 * The way out as OpenTelemetry's environment variables set it (README), `OFF` if they set none;
 * nothing of the SDK is loaded then. Registers nothing globally, so a process may have several.
 * @throws TelemetrySettingsError for a variable with a bad value.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const settings = readSettings();
  if (settings.traces === null && settings.metrics === null) return OFF;
  const { startSdk } = await import('./sdk.ts');
  return startSdk(settings, options);
}
