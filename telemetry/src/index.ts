export { messageAttributes } from './attributes.ts';
export { NO_RELAY, openRelay, type Passed, type Relay } from './relay.ts';
export { startTelemetry } from './start.ts';
export * from './telemetry.ts';
