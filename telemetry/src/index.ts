export { messageAttributes } from './attributes.ts';
export { startTelemetry } from './start.ts';
export * from './telemetry.ts';
