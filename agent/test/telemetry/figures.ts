import {
  emptyHistogram,
  emptyLoad,
  type FleetFigures,
  type HistogramText,
  ofLatencies,
  type ServerFigures,
  writeHistogram,
} from '@oversoak/contracts';
import { startFleet, startServer } from '@oversoak/testing/dry/engine';
import { fleetFigures, serverFigures } from '../../src/host/measured.ts';

export function histogramOf(...valuesNs: number[]): HistogramText {
  const histogram = emptyHistogram();
  for (const value of valuesNs) histogram.recordValue(value);
  return writeHistogram(histogram);
}

const FLEET = { host: '127.0.0.1', port: 1, sessions: 10 };

/** Of a fleet that has done nothing, but for `changes`, and `measured` of its measurement. */
export function fleetWith(
  changes: Partial<Omit<FleetFigures, 'measured'>> = {},
  measured: Partial<FleetFigures['measured']> = {},
): FleetFigures {
  const none = histogramOf();
  return {
    ...fleetFigures(startFleet(FLEET).snapshot()),
    ledger: { sent: 0, echoed: 0, inFlight: 0, lostOnClose: 0 },
    ...changes,
    measured: {
      load: emptyLoad(),
      stalls: { count: 0, seconds: 0 },
      busySeconds: 0,
      connectsRefused: { count: 0, seconds: 0 },
      latency: ofLatencies(() => none),
      stages: [],
      ...measured,
    },
  };
}

const OWN = { workingSetBytes: 2_000_000, privateBytes: null, handles: null, threads: 3 };

/** Of a server that has done nothing, but for `changes`. */
export function serverWith(changes: Partial<ServerFigures> = {}): ServerFigures {
  const snapshot = startServer({ notifier: 'iocp', layout: 'hetero' }).snapshot();
  const figures = serverFigures(snapshot, OWN);
  const none = histogramOf();
  return {
    ...figures,
    frames: { received: 0, echoed: 0, discarded: 0 },
    contents: [contentWith('lobby', 0, 0, 0)],
    histograms: { lockWait: none, moveLatency: none, queueWait: { lobby: none } },
    ...changes,
  };
}

export function contentWith(name: string, handled: number, sum: number, looks: number) {
  return {
    name,
    threads: 1,
    handled,
    arrivals: 0,
    hops: handled,
    rerouted: 0,
    workSeconds: 0,
    queueDepth: { max: sum, sum, looks },
  };
}
