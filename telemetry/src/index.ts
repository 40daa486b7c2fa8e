export { TelemetrySettingsError } from './environment.ts';
export { startTelemetry, type TelemetryOptions } from './start.ts';
export * from './telemetry.ts';
