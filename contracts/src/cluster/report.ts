import { type Static, Type } from 'typebox';
import { FLEET_ERROR_CLASSES, SERVER_ERROR_CLASSES } from '../figures/error-classes.ts';
import { ErrorEvidence, FIRST_ERRORS_OF_CLASS } from '../figures/error-evidence.ts';
import { ofLatencies } from '../figures/fleet-latencies.ts';
import { FleetMeasurement, FleetSnapshot, ServerSnapshot } from '../figures/native-snapshot.ts';
import { OwnFigures } from '../figures/own-figures.ts';
import { FleetSeries, ServerSeries } from '../figures/series.ts';
import { MeasuredDeliveries } from '../figures/zone-figures.ts';
import { ROLES } from '../values/role.ts';
import { Trace } from '../values/trace.ts';
import { Environment } from './agent.ts';

const closed = { additionalProperties: false } as const;
const HistogramText = Type.String({ description: 'HDR histogram V2, deflated, base64; unit ns' });

/** A fleet snapshot with its histograms encoded as text. */
export const FleetFigures = Type.Object(
  {
    ...Type.Omit(FleetSnapshot, ['measured']).properties,
    measured: Type.Object(
      {
        ...Type.Omit(FleetMeasurement, ['latency', 'deliveries']).properties,
        latency: Type.Object(
          ofLatencies(() => HistogramText),
          closed,
        ),
        deliveries: Type.Optional(MeasuredDeliveries(HistogramText)),
      },
      closed,
    ),
  },
  closed,
);
export type FleetFigures = Static<typeof FleetFigures>;

/**
 * A server snapshot with its histograms encoded as text, and the server's share of its process
 * figures.
 */
export const ServerFigures = Type.Object(
  {
    ...Type.Omit(ServerSnapshot, ['histograms']).properties,
    own: OwnFigures,
    histograms: Type.Object(
      {
        lockWait: HistogramText,
        moveLatency: HistogramText,
        queueWait: Type.Record(Type.String(), HistogramText, { description: 'by content' }),
        tickLateness: Type.Optional(HistogramText),
      },
      closed,
    ),
  },
  closed,
);
export type ServerFigures = Static<typeof ServerFigures>;

const span = <T extends typeof FleetFigures | typeof ServerFigures>(figures: T) =>
  Type.Object(
    {
      measureStart: figures,
      measureEnd: figures,
      final: figures,
    },
    {
      ...closed,
      description:
        "cumulative figures at three moments; a server's measurement is measureEnd minus measureStart, a fleet's is `measured` of final",
    },
  );

const firstErrors = (classes: object) =>
  Type.Optional(
    Type.Array(ErrorEvidence, {
      maxItems: FIRST_ERRORS_OF_CLASS * Object.keys(classes).length,
      description: `the first ${FIRST_ERRORS_OF_CLASS} errors of each class, oldest first; absent: none`,
    }),
  );

export const ServerResult = Type.Object(
  {
    role: Type.Literal('server'),
    measuredSeconds: Type.Number(),
    figures: span(ServerFigures),
    series: ServerSeries,
    firstErrors: firstErrors(SERVER_ERROR_CLASSES),
  },
  closed,
);
export type ServerResult = Static<typeof ServerResult>;

export const FleetResult = Type.Object(
  {
    role: Type.Literal('fleet'),
    measuredSeconds: Type.Number(),
    figures: span(FleetFigures),
    series: FleetSeries,
    targetAddress: Type.Optional(
      Type.String({
        description: "what the target's name was resolved to, and where the fleet connected",
      }),
    ),
    firstErrors: firstErrors(FLEET_ERROR_CLASSES),
  },
  closed,
);
export type FleetResult = Static<typeof FleetResult>;

export const PHASES = ['ramping', 'warming', 'measuring', 'draining'] as const;
export type Phase = (typeof PHASES)[number];

/** It is a part of the names of jobs and keys. */
const RUN_ID_PATTERN = '^[A-Za-z0-9_.-]{1,100}$';

const from = {
  runId: Type.String({ pattern: RUN_ID_PATTERN }),
  epoch: Type.Integer({ minimum: 1 }),
  agentId: Type.String({ maxLength: 100 }),
  role: Type.Enum([...ROLES]),
  atMs: Type.Integer({ description: 'Redis time' }),
};

/** Figures of one second: cumulative, except for the interval's own latency. */
export const Sample = Type.Object(
  {
    ...from,
    phase: Type.Enum([...PHASES]),
    /** Seconds since `startAtMs`. */
    sinceStartSeconds: Type.Number(),
    server: Type.Optional(Type.Omit(ServerFigures, ['histograms', 'own'])),
    fleet: Type.Optional(
      Type.Object(
        {
          ...Type.Omit(FleetFigures, ['measured']).properties,
          measured: Type.Omit(FleetMeasurement, ['latency', 'stages', 'deliveries']),
        },
        closed,
      ),
    ),
    /** Latency of this interval only: echoes received since the previous sample. */
    intervalLatency: Type.Optional(FleetFigures.properties.measured.properties.latency),
  },
  closed,
);
export type Sample = Static<typeof Sample>;

const reported = { ...from, trace: Type.Optional(Trace) };

/** A report from an agent to the control plane; idempotent by run, epoch, agent and kind. */
export const Report = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('prepared'),
      ...reported,
      environment: Environment,
      clockOffsetMs: Type.Number({ description: "Redis time minus the agent's" }),
      port: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 65_535,
          description: "where the server listens; its host is the agent's address",
        }),
      ),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('started'), ...reported }, closed),
  Type.Object(
    {
      kind: Type.Literal('finished'),
      ...reported,
      result: Type.Union([ServerResult, FleetResult]),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('failed'),
      ...reported,
      reason: Type.String(),
      exitCode: Type.Optional(
        Type.Union([Type.Integer(), Type.Null()], {
          description: 'exit code of a host process that crashed',
        }),
      ),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('aborted'), ...reported, reason: Type.String() }, closed),
]);
export type Report = Static<typeof Report>;
export type ReportKind = Report['kind'];
