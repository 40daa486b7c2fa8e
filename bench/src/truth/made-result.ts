import {
  emptyHistogram,
  emptyLoad,
  FLEET_ERROR_CLASSES,
  type FleetFigures,
  type RunResult,
  writeHistogram,
} from '@oversoak/contracts';
import { SIMULATED_SPEC } from './simulated-spec.ts';

const NS_PER_US = 1000;

const NO_ERRORS = Object.fromEntries(
  Object.keys(FLEET_ERROR_CLASSES).map((name) => [name, 0]),
) as FleetFigures['errors'];

const NOTHING = writeHistogram(emptyHistogram());

function figures(echoes: number, intended: string): FleetFigures {
  return {
    elapsedSeconds: 60,
    sessions: {
      requested: 100,
      live: 100,
      connects: 100,
      disconnects: 0,
      aborts: 0,
      slowReaders: 0,
    },
    ledger: { sent: echoes, echoed: echoes, inFlight: 0, lostOnClose: 0 },
    bytes: { received: 0, sent: 0 },
    errors: NO_ERRORS,
    measured: {
      load: { ...emptyLoad(), due: echoes, sent: echoes, echoed: echoes },
      stalls: { count: 0, seconds: 0 },
      latency: { intended, actual: NOTHING, disturbed: NOTHING, sendLag: NOTHING },
      stages: [],
    },
    slowEchoesLetGo: 0,
    threads: [],
    process: {
      ...{ userSeconds: 0, kernelSeconds: 0, workingSetBytes: null },
      ...{ privateBytes: null, handles: null, threads: null },
    },
  };
}

/** A fleet's result for a minute with windows of the given latencies in microseconds. */
export function madeResult(
  repeat: number,
  windowsUs: readonly (readonly number[])[],
): Pick<RunResult, 'run' | 'spec' | 'environments' | 'server' | 'fleets'> {
  const merged = emptyHistogram();
  for (const latencyUs of windowsUs.flat()) merged.recordValue(Math.round(latencyUs * NS_PER_US));
  const end = figures(merged.totalCount, writeHistogram(merged));
  return {
    run: {
      runId: `run-${repeat}`,
      soakId: 'soak-simulated',
      cell: { notifier: 'iocp', layout: 'homo', sessions: 100 },
      repeat,
      state: 'done',
      epoch: 1,
      gang: [],
      startAtMs: 0,
      judgement: null,
    },
    spec: SIMULATED_SPEC,
    environments: {},
    server: null,
    fleets: {
      'agent-b': {
        role: 'fleet',
        measuredSeconds: 60,
        figures: { measureStart: figures(0, NOTHING), measureEnd: end, final: end },
        series: { windowSeconds: 1, windows: [] },
      },
    },
  };
}
