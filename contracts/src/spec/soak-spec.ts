import { type Static, Type } from 'typebox';
import type { FleetProtocol } from '../options/fleet-protocol.ts';
import { Game } from '../options/game.ts';
import {
  CONTAINER_LOCKS,
  CONTENT_QUEUES,
  LAYOUTS,
  NOTIFIERS,
  PROTOCOLS,
} from '../options/matrix.ts';
import { Fault, FleetOptions, IocpOptions, ServerOptions } from '../options/native-options.ts';
import { Target } from '../options/target.ts';
import { Threads } from '../options/thread-budget.ts';
import { type PlannedDeliveries, plannedDeliveries, Zones } from '../options/zones.ts';
import { BOUNDS } from '../values/bounds.ts';
import {
  BASELINE_NAME_PATTERN,
  LABEL_NAME_PATTERN,
  SOAK_NAME_PATTERN,
} from '../values/name-patterns.ts';

const closed = { additionalProperties: false } as const;
const list = { minItems: 1, uniqueItems: true } as const;
/** Of values that are named: no more than there are. */
const listOf = <const T extends string>(values: readonly T[], description: string) =>
  Type.Array(Type.Enum([...values]), { ...list, maxItems: values.length, description });
const fleet = FleetOptions.properties;
const server = ServerOptions.properties;

const Labels = Type.Record(
  Type.String({ pattern: LABEL_NAME_PATTERN }),
  Type.String({ maxLength: 200 }),
  { maxProperties: BOUNDS.spec.labels, description: 'labels that an agent must have' },
);

const ThresholdText = Type.String({
  maxLength: 200,
  description: 'e.g. "echo.latency.p99 < 50ms", "achieved.rate >= 99% every 60s"',
});

export const ThresholdSpec = Type.Union([
  ThresholdText,
  Type.Object(
    {
      threshold: ThresholdText,
      abort: Type.Boolean({
        description: 'end the run as soon as the threshold is missed; for errors, or with "every"',
      }),
    },
    closed,
  ),
]);
export type ThresholdSpec = Static<typeof ThresholdSpec>;

const PredictionText = Type.String({
  maxLength: 200,
  description: 'e.g. "server.wakesPerEcho = 2 ± 20%", "echo.latency.p99 < 5ms"',
});

export const PredictionSpec = Type.Union([
  PredictionText,
  Type.Object(
    {
      predict: PredictionText,
      notifier: Type.Optional(Type.Enum([...NOTIFIERS])),
      layout: Type.Optional(Type.Enum([...LAYOUTS])),
      sessions: Type.Optional(fleet.sessions),
    },
    { ...closed, description: 'for the cells that match everything that is named' },
  ),
]);
export type PredictionSpec = Static<typeof PredictionSpec>;

/** The first soak of the README: accepted as it stands. */
export const SPEC_EXAMPLE = {
  name: 'hello',
  matrix: { notifier: ['iocp', 'event'], layout: ['homo', 'hetero'], sessions: [100] },
  workload: { ratePerSecond: 300 },
  phases: { measureSeconds: 20 },
  repeats: 2,
  thresholds: ['echo.latency.p99 < 250ms'],
};

/** A soak as submitted by a user. Its cells are the product of the matrix's lists. */
export const SoakSpec = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: SOAK_NAME_PATTERN }),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    matrix: Type.Object(
      {
        notifier: Type.Optional(listOf(NOTIFIERS, 'required, unless the server is a target')),
        layout: Type.Optional(listOf(LAYOUTS, 'default: homo')),
        sessions: Type.Array(fleet.sessions, { ...list, maxItems: 16 }),
        containerLock: Type.Optional(
          listOf(CONTAINER_LOCKS, 'varies game.containerLock, in the layouts that use it'),
        ),
        contentQueue: Type.Optional(
          listOf(CONTENT_QUEUES, 'varies game.contentQueue, in the layouts that use it'),
        ),
      },
      closed,
    ),
    target: Type.Optional(Target),
    workload: Type.Object(
      {
        protocol: Type.Optional(
          Type.Enum([...PROTOCOLS], {
            description: "of the soak's own server and its fleet; default: oversoak",
          }),
        ),
        minFrameBytes: fleet.minFrameBytes,
        maxFrameBytes: fleet.maxFrameBytes,
        responseBytes: fleet.responseBytes,
        pacing: fleet.pacing,
        ratePerSecond: fleet.ratePerSecond,
        loopDelayMs: fleet.loopDelayMs,
        overSend: fleet.overSend,
        echoTimeoutMs: fleet.echoTimeoutMs,
        connectTimeoutMs: fleet.connectTimeoutMs,
        disconnectsPerSecond: fleet.disconnectsPerSecond,
        abortiveShare: fleet.abortiveShare,
        slowReaders: fleet.slowReaders,
        zones: Type.Optional(Zones),
      },
      closed,
    ),
    threads: Threads,
    strictBudget: Type.Boolean({
      default: false,
      description: 'refuse a cell that needs more threads than `threads`',
    }),
    game: Game,
    server: Type.Object(
      {
        port: server.port,
        foreignClients: Type.Boolean({
          default: false,
          description:
            "clients other than the gang's fleets may connect too: accepts are then not compared with connects",
        }),
        duplex: server.duplex,
        sendQueueBytes: server.sendQueueBytes,
        iocp: IocpOptions,
      },
      { ...closed, default: {} },
    ),
    fleet: Type.Object(
      {
        agents: Type.Integer({
          default: 1,
          minimum: 1,
          maximum: 64,
          description: 'fleet agents of a gang; sessions and rate are divided among them',
        }),
        threads: fleet.threads,
      },
      { ...closed, default: {} },
    ),
    phases: Type.Object(
      {
        rampUpSeconds: fleet.rampUpSeconds,
        warmUpSeconds: Type.Number({ default: 2, minimum: 0, maximum: 86_400 }),
        measureSeconds: Type.Number({ exclusiveMinimum: 0, maximum: 2_592_000 }),
        drainSeconds: Type.Number({
          default: 5,
          minimum: 0,
          maximum: 3600,
          description: 'the longest wait for echoes in flight after the last send',
        }),
      },
      closed,
    ),
    repeats: Type.Integer({ default: 1, minimum: 1, maximum: 100 }),
    seed: fleet.seed,
    placement: Type.Object(
      { server: Type.Optional(Labels), fleet: Type.Optional(Labels) },
      { ...closed, default: {} },
    ),
    against: Type.Optional(
      Type.Object(
        { baseline: Type.String({ pattern: BASELINE_NAME_PATTERN }) },
        {
          ...closed,
          description:
            'run the cells of this pinned baseline too, by its own spec, each next to the cell with the ' +
            'same key, so that differences between nights affect both sides',
        },
      ),
    ),
    priority: Type.Integer({
      default: 5,
      minimum: 0,
      maximum: 9,
      description: '9 goes first; ten minutes of waiting count as one step',
    }),
    thresholds: Type.Array(ThresholdSpec, {
      default: [],
      maxItems: 100,
      description: 'every error class has an implied "== 0"',
    }),
    predictions: Type.Optional(
      Type.Array(PredictionSpec, {
        maxItems: 100,
        description:
          'expected figures; the comparison shows them beside the measurement, and no verdict changes',
      }),
    ),
    fault: Type.Optional(Fault),
  },
  { ...closed, description: 'a soak', examples: [SPEC_EXAMPLE] },
);
export type SoakSpec = Static<typeof SoakSpec>;
export type Phases = SoakSpec['phases'];

/** Planned seconds of one run, from its start to the end of the longest drain. */
export function plannedSeconds(phases: Phases): number {
  const { rampUpSeconds, warmUpSeconds, measureSeconds, drainSeconds } = phases;
  return rampUpSeconds + warmUpSeconds + measureSeconds + drainSeconds;
}

/** Seconds of one run in which sessions are churned: from the end of the ramp-up to the drain. */
export function churnSeconds({ warmUpSeconds, measureSeconds }: Phases): number {
  return warmUpSeconds + measureSeconds;
}

/** Deliveries per second of a run with the most sessions; null without zones. */
export function plannedDeliveriesOf({
  workload,
  matrix,
}: Pick<SoakSpec, 'workload' | 'matrix'>): PlannedDeliveries | null {
  return plannedDeliveries({ ...workload, sessions: Math.max(...matrix.sessions) });
}

/** The protocol that the fleet speaks: the target's, or that of the soak's server. */
export function protocolOf({
  workload,
  target,
}: Pick<SoakSpec, 'workload' | 'target'>): FleetProtocol {
  return target?.protocol ?? workload.protocol ?? 'oversoak';
}
