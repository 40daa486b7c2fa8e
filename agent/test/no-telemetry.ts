import { OFF } from '@oversoak/telemetry';
import { AgentTelemetry } from '../src/telemetry/agent-telemetry.ts';

/** Of an agent whose environment sets no receiver. */
export const NO_TELEMETRY = new AgentTelemetry(
  OFF,
  { metricsRunId: false, traceIntervalMs: 10_000, slowEchoes: 3 },
  { nowMs: Date.now, toRedisMs: (localMs) => localMs },
  { agentId: 'agent-1', platform: 'windows' },
);
