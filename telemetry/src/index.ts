export { TelemetrySettingsError } from './environment.ts';
export { messageAttributes } from './message.ts';
export { startTelemetry, type TelemetryOptions } from './start.ts';
export * from './telemetry.ts';
