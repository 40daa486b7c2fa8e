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
import { environment } from './made-agents.ts';
import {
  contentFigures,
  fleetFigures,
  fleetResult,
  fleetWindows,
  histogram,
  latencies,
  madeLatencies,
  madeLoad,
  madeResult,
  serverFigures,
  serverResult,
  serverWindows,
} from './made-figures.ts';

const MEDIAN_MS = 1.5;
const NONE = histogram(0);

export interface MadeSoak {
  name: string;
  notifiers: readonly Notifier[];
  /** Of the cells: as many as there are numbers, for each notifier under two layouts. */
  sessions: readonly number[];
  repeats: number;
  seed: number;
  /** Windows of the measurement, and their length; default: ten of a second. */
  windows?: number;
  windowSeconds?: number;
  /** Echoes of a fleet in each window; default: 100. */
  perWindow?: number;
  /** Fleets of the gang; default: one. */
  fleets?: number;
  /** By how much every latency is longer. */
  slower?: number;
  /** It comes behind every other soak in a list; default: before. */
  isOld?: boolean;
  /** The cell that counts corrupt echoes. */
  corrupt?: Pick<Cell, 'notifier' | 'layout'>;
}

const windowsOf = ({ windows = 10, windowSeconds = 1, perWindow = 100 }: MadeSoak) => ({
  count: windows,
  seconds: windowSeconds,
  perWindow,
  echoes: windows * perWindow,
});

const fleetsOf = ({ fleets = 1 }: MadeSoak) =>
  Array.from({ length: fleets }, (_, index) => `agent-${index + 1}`);

function specOf(made: MadeSoak): SoakSpec {
  const { name, notifiers, sessions, repeats } = made;
  const { count, seconds, perWindow } = windowsOf(made);
  const valid = validateSpec({
    name,
    matrix: { notifier: notifiers, layout: ['homo', 'hetero'], sessions },
    workload: { ratePerSecond: perWindow / seconds },
    fleet: { agents: fleetsOf(made).length },
    threads: { io: 1, content: 3 },
    phases: {
      rampUpSeconds: 0,
      warmUpSeconds: 0,
      measureSeconds: count * seconds,
      drainSeconds: 1,
    },
    repeats,
    thresholds: ['echo.latency.p99 < 50ms', 'achieved.rate >= 99%'],
  });
  if ('problems' in valid) throw new Error(JSON.stringify(valid.problems));
  return valid.spec;
}

/** Most of the time in the network, and of the slow ones in the queue. */
const stagesOf = (echoes: number, medianMs: number): StageTable =>
  [
    { count: echoes * 0.9, ms: medianMs, queueShare: 0.1 },
    { count: echoes * 0.1, ms: medianMs * 4, queueShare: 0.6 },
  ].map(({ count, ms, queueShare }) => {
    const totalNs = count * ms * 1e6;
    const queue = totalNs * queueShare;
    const part = (totalNs - queue) / 10;
    const own = { client: part, lock: part, work: part * 2, send: part, 'fan-out': 0 };
    return { atLeastNs: Math.round(ms * 1e6), count, ...own, 'network+wake': part * 5, queue };
  });

function resultOf(run: Run, spec: SoakSpec, made: MadeSoak, index: number): RunResult {
  const { notifier, layout } = run.cell;
  const { count, seconds, perWindow, echoes } = windowsOf(made);
  const place = made.notifiers.indexOf(notifier as Notifier);
  const isHetero = layout === 'hetero';
  const medianMs =
    MEDIAN_MS *
    (1 + place * 0.35) *
    (isHetero ? 1.15 : 1) *
    (made.slower ?? 1) *
    (1 + ((index * 7 + made.seed) % 5) / 60);
  const intended = latencies(echoes, medianMs, made.seed * 1000 + index);
  const isCorrupt = notifier === made.corrupt?.notifier && layout === made.corrupt?.layout;
  const end = fleetFigures(echoes, {
    latency: madeLatencies({
      ...{ intended, actual: intended },
      sendLag: latencies(echoes, 0.05, index),
    }),
    stages: stagesOf(echoes, medianMs),
    load: madeLoad(echoes),
    errors: { corrupt: isCorrupt ? 3 : 0 },
  });
  const fleet = fleetResult(end, fleetFigures(0));
  const spanOf = (at: number) => ({ startSeconds: at * seconds, endSeconds: (at + 1) * seconds });
  const windows = fleetWindows(count, (at) => ({
    ...spanOf(at),
    load: madeLoad(perWindow),
    intended: latencies(perWindow, medianMs, made.seed + index * 100 + at),
  }));
  const depth = isHetero ? 4 : 0;
  const lockWait = latencies(echoes, isHetero ? 0.02 : 0.005, index);
  const server = serverResult(
    // The echoes of all fleets.
    serverFigures(echoes * fleetsOf(made).length, {
      accepted: 10 * fleetsOf(made).length,
      more: {
        contents: [
          contentFigures('lobby', {
            handled: echoes,
            queueDepth: { max: depth * 3, sum: echoes * depth, looks: echoes },
          }),
        ],
        histograms: {
          lockWait,
          moveLatency: NONE,
          queueWait: { lobby: isHetero ? latencies(echoes, 0.2, index) : lockWait },
        },
      },
    }),
    serverFigures(0, { accepted: 10 * fleetsOf(made).length }),
  );
  const spent = { measuredSeconds: count * seconds };
  return madeResult({
    run,
    spec,
    server: {
      ...server,
      ...spent,
      series: {
        windowSeconds: seconds,
        windows: serverWindows(count, (at) => ({
          workingSetBytes: 50_000_000 + at * 10_000,
        })).map((window, at) => ({ ...window, ...spanOf(at) })),
      },
    },
    fleets: Object.fromEntries(
      fleetsOf(made).map((agentId) => [
        agentId,
        { ...fleet, ...spent, series: { windowSeconds: seconds, windows } },
      ]),
    ),
    environments: Object.fromEntries(run.gang.map(({ agentId }) => [agentId, environment()])),
    events: [{ state: 'done', atMs: 1 }],
  });
}

/** A file of a soak as it is exported, whose runs measured what their cells decide. */
export function madeSoakFile(made: MadeSoak): { soakId: string; text: string } {
  const spec = specOf(made);
  const suffix = `${made.isOld ? '00' : '01'}made${String(made.seed).padStart(20, '0')}`;
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
        { agentId: 'agent-0', role: 'server' },
        ...fleetsOf(made).map((agentId) => ({ agentId, role: 'fleet' as const })),
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
