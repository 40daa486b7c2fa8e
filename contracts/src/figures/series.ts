import { type Static, Type } from 'typebox';
import { FLEET_ERROR_CLASSES, SERVER_ERROR_CLASSES } from './error-classes.ts';
import { LeftLater, Load } from './load.ts';
import { OwnFigures } from './own-figures.ts';

const closed = { additionalProperties: false } as const;
const Counts = (classes: object) =>
  Type.Object(
    Object.fromEntries(Object.keys(classes).map((name) => [name, Type.Integer({ minimum: 0 })])),
    { ...closed, description: 'errors of the window, by class' },
  );

/** Possible window lengths in seconds. */
const WINDOW_SECONDS = [1, 10, 60, 600, 3600] as const;
/** More windows would make the result of a long soak too large to store. */
const MAX_WINDOWS = 1440;

/**
 * The window length of a measurement: the shortest that needs at most MAX_WINDOWS windows; one
 * second for a short one, one minute for a night.
 */
export function windowSecondsOf(measureSeconds: number): number {
  const fits = WINDOW_SECONDS.find((seconds) => measureSeconds / seconds <= MAX_WINDOWS);
  return fits ?? measureSeconds / MAX_WINDOWS;
}

const sinceMeasureStart = {
  startSeconds: Type.Number({ minimum: 0, description: 'since the measurement began' }),
  endSeconds: Type.Number({ exclusiveMinimum: 0 }),
};

/** What happened to the messages that were due in one window of the measurement. */
export const FleetWindow = Type.Object(
  {
    ...sinceMeasureStart,
    intended: Type.String({
      description:
        'latency of the messages that were due in the window, whenever they ended; HDR text',
    }),
    load: Load,
    leftLater: LeftLater,
    errors: Counts(FLEET_ERROR_CLASSES),
    busySeconds: Type.Number({
      minimum: 0,
      description: 'time in which the busiest thread of the fleet had work, or did not get to run',
    }),
  },
  closed,
);
export type FleetWindow = Static<typeof FleetWindow>;

/** What a server counted in one window of the measurement. */
export const ServerWindow = Type.Object(
  {
    ...sinceMeasureStart,
    echoed: Type.Integer({ minimum: 0 }),
    cpuSeconds: Type.Number({ description: "of the server's own threads" }),
    sessions: Type.Integer({ minimum: 0, description: 'live at its end' }),
    queueDepthMean: Type.Union([Type.Number(), Type.Null()], {
      description: 'messages that waited for a content, as its threads found them; null: none',
    }),
    errors: Counts(SERVER_ERROR_CLASSES),
    /** At the end of the window. */
    own: OwnFigures,
  },
  closed,
);
export type ServerWindow = Static<typeof ServerWindow>;

const series = <W extends typeof FleetWindow | typeof ServerWindow>(window: W) =>
  Type.Object(
    {
      windowSeconds: Type.Number({ exclusiveMinimum: 0, description: 'as planned' }),
      windows: Type.Array(window, {
        description:
          'complete windows of the measurement, in order; time in which the process stood still makes a window longer; a remainder at the end is only in the totals',
      }),
    },
    closed,
  );

export const FleetSeries = series(FleetWindow);
export type FleetSeries = Static<typeof FleetSeries>;
export const ServerSeries = series(ServerWindow);
export type ServerSeries = Static<typeof ServerSeries>;
