// A file of its own: the SDK is loaded here alone, and only if a signal is on.
import { namedSignals, readTelemetrySettings } from './environment.ts';
import { NO_RELAY, type Relay } from './relay.ts';
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

/** To the receivers of OpenTelemetry's variables; nothing of the SDK is loaded if there are none. */
export async function openRelay(): Promise<Relay> {
  const signals = namedSignals();
  if (signals.length === 0) return NO_RELAY;
  const { exportingRelay } = await import('./exporting-relay.ts');
  return exportingRelay(signals);
}
