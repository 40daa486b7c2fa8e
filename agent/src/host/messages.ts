import type {
  Assign,
  Capabilities,
  Endpoint,
  FleetResult,
  Phases,
  ProbeAnswer,
  Sample,
  ServerResult,
} from '@oversoak/contracts';

/** Agent → host process. */
export type ToHost =
  | { kind: 'capabilities'; engine: string }
  | { kind: 'prepare'; engine: string; part: Assign['part']; phases: Phases }
  /** `startAtMachineMs`: as `machineMs` of clock.ts, which both processes read alike. */
  | { kind: 'start'; startAtMachineMs: number; endpoint: Endpoint }
  | { kind: 'stop' }
  /** A host that probes does nothing else; it lives until it is killed. */
  | { kind: 'probe'; engine: string; name: string };

/** A sample as the host takes it: the agent adds the run and turns the time into Redis time. */
export interface HostSample
  extends Pick<Sample, 'phase' | 'sinceStartSeconds' | 'server' | 'fleet' | 'intervalLatency'> {
  atMachineMs: number;
}

export type PartResult = ServerResult | FleetResult;

/** Host process → agent. After `capabilities`, `finished`, `stopped` and `failed` it exits. */
export type FromHost =
  | { kind: 'capabilities'; capabilities: Capabilities; addonVersion: string }
  /** `port` of a server; null for a fleet. */
  | { kind: 'prepared'; port: number | null }
  | { kind: 'started' }
  | { kind: 'sample'; sample: HostSample }
  | { kind: 'finished'; result: PartResult }
  | { kind: 'stopped' }
  | { kind: 'failed'; reason: string }
  /** It has loaded the engine, and the probe's deadline counts from here. */
  | { kind: 'probing' }
  /** null: the engine has no probes. */
  | { kind: 'probed'; answer: ProbeAnswer | null };
