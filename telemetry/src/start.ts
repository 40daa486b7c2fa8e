// A file of its own: the SDK is loaded here alone, and only if a signal is on.
import { readTelemetrySettings } from './environment.ts';
import { OFF, type Telemetry, type TelemetryOptions } from './telemetry.ts';

/**
 * The way out as OpenTelemetry's environment variables set it (README), or to the receiver that is
 * given; `OFF` if there is none, and nothing of the SDK is loaded then. A process may have one at a
 * time.
 * @throws SettingsError for a variable with a bad value.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const settings = readTelemetrySettings(undefined, options.receiver);
  if (settings.traces === null && settings.metrics === null) return OFF;
  const { startSdk } = await import('./sdk.ts');
  return startSdk(settings, options);
}
