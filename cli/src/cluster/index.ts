export { Child } from './child.ts';
export { Cluster } from './cluster.ts';
export {
  agentSettings,
  controlPlaneSettings,
  inheritedEnvironment,
  withReceiver,
} from './environment.ts';
export { jsonLine } from './log-file.ts';
export { findPrograms } from './programs.ts';
export { startRedis } from './redis.ts';
