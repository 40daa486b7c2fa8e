import type {
  AllowedPlugin,
  Assign,
  Capabilities,
  Endpoint,
  FleetFigures,
  FleetResult,
  Phases,
  ProbeAnswer,
  Sample,
  ServerFigures,
  ServerResult,
  SlowEcho,
} from '@oversoak/contracts';

/** Agent → host process. */
export type ToHost =
  /**
   * A host process that receives `capabilities` only probes from then on, and lives until it is
   * killed.
   */
  | { kind: 'capabilities'; engine: string }
  | {
      kind: 'prepare';
      engine: string;
      part: Assign['part'];
      phases: Phases;
      /** Where a target may be. */
      targets: readonly string[];
      /** Where a fleet's server may be, unless the assignment names it as the target. */
      peers: readonly string[];
      /** Libraries that a fleet may load. */
      plugins: readonly AllowedPlugin[];
      readings: ReadingsWanted | null;
    }
  /** `startAtMachineMs`: see `machineMs` in clock.ts, whose origin both processes share. */
  | { kind: 'start'; startAtMachineMs: number; endpoint: Endpoint }
  | { kind: 'stop' }
  | { kind: 'probe'; engine: string; name: string };

/** The readings that telemetry needs; null when there is no telemetry. */
export interface ReadingsWanted {
  /** Number of slowest echoes to keep since the previous reading. */
  slowEchoes: number;
}

/** All figures at a moment, for telemetry. They do not leave the agent's machine. */
export type Reading =
  | { role: 'server'; figures: ServerFigures }
  | { role: 'fleet'; figures: FleetFigures; slowEchoes: SlowEcho[] };

/** When a reading was taken: at one of these moments, or at a full second between them. */
export type ReadingMoment = 'start' | 'second' | 'measureStart' | 'measureEnd' | 'end';

/** A sample as the host takes it. The agent adds the run and converts the time to Redis time. */
export interface HostSample
  extends Pick<Sample, 'phase' | 'sinceStartSeconds' | 'server' | 'fleet' | 'intervalLatency'> {
  atMachineMs: number;
}

export type PartResult = ServerResult | FleetResult;
export type PartWindow = PartResult['series']['windows'][number];

type WithoutWindows<R extends PartResult> = Omit<R, 'series'> & {
  series: Omit<R['series'], 'windows'>;
};
/** A part's result as the host process has it at the end. Its windows were sent as they ended. */
export type HostResult = WithoutWindows<ServerResult> | WithoutWindows<FleetResult>;

/** Host process → agent. The host exits after `finished`, `stopped` or `failed`. */
export type FromHost =
  | { kind: 'capabilities'; capabilities: Capabilities; addonVersion: string }
  /** `port`: where a server listens; null for a fleet. */
  | { kind: 'prepared'; port: number | null }
  | { kind: 'started' }
  | { kind: 'sample'; sample: HostSample }
  | { kind: 'reading'; moment: ReadingMoment; atMachineMs: number; reading: Reading }
  /**
   * Windows of the measurement, in order. The host keeps none, because its memory must not grow.
   */
  | { kind: 'window'; window: PartWindow }
  | { kind: 'finished'; result: HostResult }
  | { kind: 'stopped' }
  | { kind: 'failed'; reason: string }
  /** The engine is loaded; the probe's deadline counts from here. */
  | { kind: 'probing' }
  /** null: the engine has no probes. */
  | { kind: 'probed'; answer: ProbeAnswer | null };
