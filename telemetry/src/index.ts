export { messageAttributes } from './message.ts';
export { startTelemetry } from './start.ts';
export * from './telemetry.ts';
