export { type Agent, type AgentOptions, startAgent } from './agent.ts';
export { type AgentConfig, ConfigError } from './config.ts';
export type { Engine } from './engine.ts';
export {
  type ForkHost,
  forkHost,
  type HostExit,
  type HostListener,
  type HostProcess,
} from './host-process.ts';
export { AgentIdInUse } from './registration.ts';
