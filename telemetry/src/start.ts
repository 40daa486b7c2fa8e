import { readSettings } from './environment.ts';
import { OFF, type Telemetry, type TelemetryOptions } from './telemetry.ts';

/**
 * Telemetry as configured by OpenTelemetry's environment variables (README), or `OFF` without
 * loading the SDK if none is set. A process may have one at a time.
 * @throws TelemetrySettingsError for a variable with an invalid value
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const settings = readSettings();
  if (settings.traces === null && settings.metrics === null) return OFF;
  const { startSdk } = await import('./sdk.ts');
  return startSdk(settings, options);
}
