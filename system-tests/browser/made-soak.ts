import { createHash } from 'node:crypto';
import {
  type Cell,
  type Notifier,
  type Run,
  type RunResult,
  SOAK_FILE_VERSION,
  type SoakFileHead,
  type SoakSpec,
  type StageTable,
} from '@oversoak/contracts';
import { judgeStored } from '@oversoak/control-plane/judge/judge';
import { expand } from '@oversoak/control-plane/submit/expand';
import { validateSpec } from '@oversoak/control-plane/submit/validate';
import {
  contentFigures,
  fleetFigures,
  fleetResult,
  fleetWindows,
  histogram,
  latencies,
  madeLoad,
  madeResult,
  serverFigures,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';

const ECHOES = 1000;
const WINDOWS = 10;
const PER_WINDOW = ECHOES / WINDOWS;
const MEDIAN_MS = 1.5;
const NONE = histogram(0);

export interface MadeSoak {
  name: string;
  notifiers: readonly Notifier[];
  /** Of the cells: as many as there are numbers, for each notifier under two layouts. */
  sessions: readonly number[];
  repeats: number;
  seed: number;
  /** By how much every latency is longer. */
  slower?: number;
  /** The cell that counts corrupt echoes. */
  corrupt?: Pick<Cell, 'notifier' | 'layout'>;
}

function specOf({ name, notifiers, sessions, repeats }: MadeSoak): SoakSpec {
  const valid = validateSpec({
    name,
    matrix: { notifier: notifiers, layout: ['homo', 'hetero'], sessions },
    workload: { ratePerSecond: PER_WINDOW },
    threads: { io: 1, content: 3 },
    phases: { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds: WINDOWS, drainSeconds: 1 },
    repeats,
    thresholds: ['echo.latency.p99 < 50ms', 'achieved.rate >= 99%'],
  });
  if ('problems' in valid) throw new Error(JSON.stringify(valid.problems));
  return valid.spec;
}

/** Most of the time in the network, and of the slow ones in the queue. */
const stagesOf = (medianMs: number): StageTable =>
  [
    { count: ECHOES * 0.9, ms: medianMs, queueShare: 0.1 },
    { count: ECHOES * 0.1, ms: medianMs * 4, queueShare: 0.6 },
  ].map(({ count, ms, queueShare }) => {
    const totalNs = count * ms * 1e6;
    const queue = totalNs * queueShare;
    const part = (totalNs - queue) / 10;
    const own = { client: part, lock: part, work: part * 2, send: part };
    return { atLeastNs: Math.round(ms * 1e6), count, ...own, 'network+wake': part * 5, queue };
  });

function resultOf(run: Run, spec: SoakSpec, made: MadeSoak, index: number): RunResult {
  const { notifier, layout } = run.cell;
  const place = made.notifiers.indexOf(notifier as Notifier);
  const isHetero = layout === 'hetero';
  const medianMs =
    MEDIAN_MS *
    (1 + place * 0.35) *
    (isHetero ? 1.15 : 1) *
    (made.slower ?? 1) *
    (1 + ((index * 7 + made.seed) % 5) / 60);
  const intended = latencies(ECHOES, medianMs, made.seed * 1000 + index);
  const isCorrupt = notifier === made.corrupt?.notifier && layout === made.corrupt?.layout;
  const end = fleetFigures(ECHOES, {
    latency: {
      intended,
      actual: intended,
      disturbed: NONE,
      sendLag: latencies(ECHOES, 0.05, index),
    },
    stages: stagesOf(medianMs),
    load: madeLoad(ECHOES),
    errors: { corrupt: isCorrupt ? 3 : 0 },
  });
  const fleet = fleetResult(end, fleetFigures(0));
  const windows = fleetWindows(WINDOWS, (at) => ({
    load: madeLoad(PER_WINDOW),
    intended: latencies(PER_WINDOW, medianMs, made.seed + index * 100 + at),
  }));
  const depth = isHetero ? 4 : 0;
  const lockWait = latencies(ECHOES, isHetero ? 0.02 : 0.005, index);
  const server = serverResult(
    serverFigures(ECHOES, {
      more: {
        contents: [
          contentFigures('lobby', {
            handled: ECHOES,
            queueDepth: { max: depth * 3, sum: ECHOES * depth, looks: ECHOES },
          }),
        ],
        histograms: {
          lockWait,
          moveLatency: NONE,
          queueWait: { lobby: isHetero ? latencies(ECHOES, 0.2, index) : lockWait },
        },
      },
    }),
    serverFigures(0),
  );
  const spent = { measuredSeconds: WINDOWS };
  return madeResult({
    run,
    spec,
    server: {
      ...server,
      ...spent,
      series: {
        windowSeconds: 1,
        windows: serverWindows(WINDOWS, (at) => ({ workingSetBytes: 50_000_000 + at * 10_000 })),
      },
    },
    fleets: { 'agent-b': { ...fleet, ...spent, series: { windowSeconds: 1, windows } } },
    events: [{ state: 'done', atMs: 1 }],
  });
}

/** A file of a soak as it is exported, whose runs measured what their cells decide. */
export function madeSoakFile(made: MadeSoak): { soakId: string; text: string } {
  const spec = specOf(made);
  const suffix = `01made${String(made.seed).padStart(20, '0')}`;
  const soakId = `soak-${suffix}`;
  const head: SoakFileHead = {
    kind: 'soak',
    format: 'oversoak',
    version: SOAK_FILE_VERSION,
    soakId,
    name: spec.name,
    createdAtMs: Date.UTC(2026, 10, 1),
    spec,
    against: null,
    runs: expand({ spec }).length,
  };
  const runs = expand({ spec }).map(({ index, cell, repeat }) => {
    const planned: Run = {
      runId: `run-${suffix}-${index}`,
      soakId,
      cell,
      repeat,
      state: 'done',
      epoch: 1,
      gang: [
        { agentId: 'agent-a', role: 'server' },
        { agentId: 'agent-b', role: 'fleet' },
      ],
      startAtMs: 0,
      judgement: null,
    };
    const result = resultOf(planned, spec, made, index);
    const { judgement, evidence } = judgeStored(result, null);
    const run = { ...planned, judgement };
    return { kind: 'run', run, result: { ...result, run, evidence } };
  });
  const lines = [head, ...runs].map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = createHash('sha256').update(lines).digest('hex');
  return { soakId, text: `${lines}${JSON.stringify({ kind: 'end', sha256 })}\n` };
}
