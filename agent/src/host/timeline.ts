import { type Phase, type Phases, windowSecondsOf } from '@oversoak/contracts';

/** A server whose fleets never leave stops by itself this many seconds after the longest drain. */
const SERVER_STOP_SECONDS = 3;

/** Phase boundaries of a run in seconds since its start. */
export interface Timeline {
  rampUpEndSeconds: number;
  measureStartSeconds: number;
  measureEndSeconds: number;
  serverStopSeconds: number;
  /** Length of the windows that the measurement is divided into. */
  windowSeconds: number;
}

export function timelineOf(phases: Phases): Timeline {
  const measureStartSeconds = phases.rampUpSeconds + phases.warmUpSeconds;
  const measureEndSeconds = measureStartSeconds + phases.measureSeconds;
  return {
    rampUpEndSeconds: phases.rampUpSeconds,
    measureStartSeconds,
    measureEndSeconds,
    serverStopSeconds: measureEndSeconds + phases.drainSeconds + SERVER_STOP_SECONDS,
    windowSeconds: windowSecondsOf(phases.measureSeconds),
  };
}

export function phaseAt(sinceStartSeconds: number, timeline: Timeline): Phase {
  if (sinceStartSeconds < timeline.rampUpEndSeconds) return 'ramping';
  if (sinceStartSeconds < timeline.measureStartSeconds) return 'warming';
  if (sinceStartSeconds < timeline.measureEndSeconds) return 'measuring';
  return 'draining';
}

export interface Moment {
  what: 'sample' | 'measureStart' | 'windowEnd' | 'measureEnd';
  atSeconds: number;
}

/** The moments of a run in order, up to the end of the measurement. */
export function* momentsOf(timeline: Timeline): Generator<Moment> {
  const { measureStartSeconds, measureEndSeconds, windowSeconds } = timeline;
  let second = 1;
  function* samplesBefore(endSeconds: number): Generator<Moment> {
    for (; second < endSeconds; second += 1) yield { what: 'sample', atSeconds: second };
  }
  yield* samplesBefore(measureStartSeconds);
  yield { what: 'measureStart', atSeconds: measureStartSeconds };
  const windows = Math.floor((measureEndSeconds - measureStartSeconds) / windowSeconds);
  for (let window = 1; window <= windows; window += 1) {
    const atSeconds = measureStartSeconds + window * windowSeconds;
    yield* samplesBefore(atSeconds);
    yield { what: 'windowEnd', atSeconds };
  }
  yield* samplesBefore(measureEndSeconds);
  yield { what: 'measureEnd', atSeconds: measureEndSeconds };
}
