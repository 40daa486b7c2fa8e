export { type Agent, type AgentOptions, startAgent } from './agent.ts';
export type { AgentConfig } from './config.ts';
export type { Engine } from './host/engine.ts';
export {
  type ForkHost,
  forkHost,
  type HostExit,
  type HostListener,
  type HostProcess,
} from './host/host-process.ts';
export { AgentIdInUse } from './redis/registration.ts';
