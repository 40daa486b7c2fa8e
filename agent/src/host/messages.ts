import type {
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
  /** A host that is asked for these does nothing else but probe; it lives until it is killed. */
  | { kind: 'capabilities'; engine: string }
  | {
      kind: 'prepare';
      engine: string;
      part: Assign['part'];
      phases: Phases;
      readings: ReadingsWanted | null;
    }
  /** `startAtMachineMs`: as `machineMs` of clock.ts, which both processes read alike. */
  | { kind: 'start'; startAtMachineMs: number; endpoint: Endpoint }
  | { kind: 'stop' }
  | { kind: 'probe'; engine: string; name: string };

/** Null where there is no telemetry: nobody would read them. */
export interface ReadingsWanted {
  /** How many of the slowest echoes since the reading before. */
  slowEchoes: number;
}

/** Whole figures of a moment, for telemetry: they stay on the agent's machine. */
export type Reading =
  | { role: 'server'; figures: ServerFigures }
  | { role: 'fleet'; figures: FleetFigures; slowEchoes: SlowEcho[] };

/** When a reading was taken: at one of these, or at a second in between. */
export type ReadingMoment = 'start' | 'second' | 'measureStart' | 'measureEnd' | 'end';

/** A sample as the host takes it: the agent adds the run and turns the time into Redis time. */
export interface HostSample
  extends Pick<Sample, 'phase' | 'sinceStartSeconds' | 'server' | 'fleet' | 'intervalLatency'> {
  atMachineMs: number;
}

export type PartResult = ServerResult | FleetResult;
export type PartWindow = PartResult['series']['windows'][number];

type WithoutWindows<R extends PartResult> = Omit<R, 'series'> & {
  series: Omit<R['series'], 'windows'>;
};
/** A part's result as its host has it at the end: the windows went to the agent as they ended. */
export type HostResult = WithoutWindows<ServerResult> | WithoutWindows<FleetResult>;

/** Host process → agent. After `finished`, `stopped` and `failed` it exits. */
export type FromHost =
  | { kind: 'capabilities'; capabilities: Capabilities; addonVersion: string }
  /** `port` of a server; null for a fleet. */
  | { kind: 'prepared'; port: number | null }
  | { kind: 'started' }
  | { kind: 'sample'; sample: HostSample }
  | { kind: 'reading'; moment: ReadingMoment; atMachineMs: number; reading: Reading }
  /** Of the measurement, in order; the host keeps none, for it must not grow. */
  | { kind: 'window'; window: PartWindow }
  | { kind: 'finished'; result: HostResult }
  | { kind: 'stopped' }
  | { kind: 'failed'; reason: string }
  /** It has loaded the engine, and the probe's deadline counts from here. */
  | { kind: 'probing' }
  /** null: the engine has no probes. */
  | { kind: 'probed'; answer: ProbeAnswer | null };
