export { machineMs } from './clock.ts';
export { HOST_MAIN } from './host-process.ts';
export { HOST_FLAGS } from './javascript.ts';
export type { FromHost, ToHost } from './messages.ts';
