import {
  emptyHistogram,
  type FleetFigures,
  NOTIFIERS,
  ofLatencies,
  type RunResult,
  SoakSpec,
  validate,
  writeHistogram,
} from '@oversoak/contracts';
import { idealFleet } from '@oversoak/testing/builders/soaks';

const NS_PER_US = 1000;
const NOTHING = writeHistogram(emptyHistogram());

/** A valid spec for simulations, with a cell per notifier. */
function simulatedSpec(): SoakSpec {
  const valid = validate(SoakSpec, {
    name: 'simulated',
    matrix: { notifier: [...NOTIFIERS], layout: ['homo'], sessions: [100] },
    workload: { ratePerSecond: 100 },
    phases: { measureSeconds: 60 },
  });
  if ('problems' in valid) throw new Error(JSON.stringify(valid.problems));
  return valid.value;
}

export const SIMULATED_SPEC = simulatedSpec();

function figures(echoes: number, intended: string): FleetFigures {
  const fleet = idealFleet(60, echoes);
  const latency = { ...ofLatencies(() => NOTHING), intended };
  return { ...fleet, measured: { ...fleet.measured, latency, stages: [] } };
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
