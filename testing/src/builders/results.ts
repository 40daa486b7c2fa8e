import {
  type Drift,
  type Evidence,
  emptyHistogram,
  emptyLoad,
  FLEET_ERROR_CLASSES,
  type FleetResult,
  ofLatencies,
  type RunResult,
  type RunWithResult,
  writeHistogram,
} from '@oversoak/contracts';
import { fleetSample, run, SPEC, zeroErrors } from './soaks.ts';

/** Made-up results of runs for tests. */

const NS_PER_MS = 1_000_000;

/** A fleet whose window number i lasts a second and has `echoes[i]` echoes of `latencyMs[i]`. */
export function fleetResult(echoes: readonly number[], latencyMs: readonly number[]): FleetResult {
  const { fleet } = fleetSample('run-1', echoes.length, 0);
  if (fleet === undefined) throw new Error('a sample of a fleet has its figures');
  const empty = writeHistogram(emptyHistogram());
  const latency = ofLatencies(() => empty);
  const echoed = echoes.reduce((sum, count) => sum + count, 0);
  const load = { ...emptyLoad(), due: echoed, sent: echoed, echoed, held: 12, late: 3 };
  const measured = { ...fleet.measured, load, latency, stages: [] };
  const figures = { ...fleet, measured };
  const windows = echoes.map((inWindow, index) => {
    const histogram = emptyHistogram();
    if (inWindow > 0) {
      histogram.recordValueWithCount((latencyMs[index] ?? 1) * NS_PER_MS, inWindow);
    }
    return {
      startSeconds: index,
      endSeconds: index + 1,
      intended: writeHistogram(histogram),
      load: { ...emptyLoad(), due: inWindow, sent: inWindow, echoed: inWindow },
      leftLater: [],
      busySeconds: 0,
      errors: zeroErrors(FLEET_ERROR_CLASSES) as FleetResult['series']['windows'][0]['errors'],
    };
  });
  return {
    role: 'fleet',
    measuredSeconds: echoes.length,
    figures: { measureStart: figures, measureEnd: figures, final: figures },
    series: { windowSeconds: 1, windows },
  };
}

const drift = (metric: Drift['metric'], unit: Drift['unit'], slope: number | null): Drift => ({
  metric,
  unit,
  windows: 12,
  slope,
  low: slope === null ? null : slope * 0.8,
  high: slope === null ? null : slope * 1.25,
  hours: 0.2,
  cycles: 0,
  rise: slope === null ? null : 'none',
});

export const EVIDENCE: Evidence = {
  checks: [
    { threshold: 'echo.latency.p99 < 50ms', outcome: 'held', actual: '12.3 ms' },
    {
      threshold: 'achieved.rate >= 99% every 60s',
      outcome: 'missed',
      actual: '93.2 %',
      windows: { judged: 8, missed: 2, undecided: 1 },
    },
    { threshold: 'drift.handles < 1/h', outcome: 'unknown', actual: 'no figure' },
    { threshold: 'errors.corrupt == 0', outcome: 'missed', actual: '3' },
    { threshold: 'errors.duplicate == 0', outcome: 'held', actual: '0' },
    { threshold: 'errors.outOfOrder == 0', outcome: 'held', actual: '0' },
  ],
  errorBound: { errors: 0, echoes: 63_555, upperRate: 1 / 21_185.4 },
  drift: [
    drift('workingSet', 'bytes/h', 1_240_000),
    drift('privateBytes', 'bytes/h', -3_000),
    drift('handles', 'handles/h', null),
    drift('threads', 'threads/h', 0),
    drift('p99', 'us/h', 153.4),
  ],
};

const environment = {
  hostname: 'win-1',
  cpuModel: 'a CPU',
  memoryBytes: 1,
  nodeVersion: '22.22.2',
  addonVersion: '0.1.0',
  capabilities: {
    platform: 'windows' as const,
    systemVersion: '10.0.19041',
    wineVersion: '8.0',
    cores: 2,
    spinTurnsPerUs: 400,
    notifiers: [],
    layouts: [],
  },
};

/** A run that is done, with a result of twelve windows and all its evidence. */
export function doneRun(change: Partial<RunResult> = {}): RunWithResult {
  const done = run('run-1', 'done', {
    gang: [
      { agentId: 'agent-a', role: 'server' },
      { agentId: 'agent-b', role: 'fleet' },
    ],
    startAtMs: Date.UTC(2026, 10, 24, 13, 5, 9),
    judgement: {
      verdict: 'failed',
      reasons: ['errors.corrupt is 3, wanted errors.corrupt == 0; 63555 echoes measured'],
      loadSound: true,
    },
  });
  const fleet = fleetResult(
    [800, 790, 810, 800, 620, 0, 815, 800, 800, 800, 800, 801],
    [1.2, 1.1, 1.4, 1.2, 12.3, 1, 2.6, 1.2, 1.2, 1.3, 1.2, 1.2],
  );
  const result: RunResult = {
    run: done,
    spec: {
      ...SPEC,
      thresholds: [
        'echo.latency.p99 < 50ms',
        { threshold: 'achieved.rate >= 99% every 60s', abort: true },
        'drift.handles < 1/h',
      ],
    },
    environments: { 'agent-a': environment, 'agent-b': environment },
    clockOffsetsMs: { 'agent-a': 0.524, 'agent-b': -1.2 },
    server: null,
    fleets: { 'agent-b': fleet },
    events: [{ state: 'done', atMs: Date.UTC(2026, 10, 24, 13, 8) }],
    notes: ['agent-b (fleet) did not acknowledge the abort'],
    evidence: EVIDENCE,
    late: [{ agentId: 'agent-b', atMs: Date.UTC(2026, 10, 24, 13, 9), result: fleet }],
    ...change,
  };
  return { ...done, result };
}
