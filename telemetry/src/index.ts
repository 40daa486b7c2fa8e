export { messageAttributes } from './attributes.ts';
export { NO_RELAY, type Passed, type Relay } from './relay.ts';
export { openRelay, startTelemetry } from './start.ts';
export * from './telemetry.ts';
