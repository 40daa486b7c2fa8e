// Soaks whose every figure is known, exported to a real Prometheus by the agents' own telemetry. Their
// time is made up, so a run of ten minutes takes seconds.
import { PartTelemetry } from '@oversoak/agent/telemetry/part-telemetry';
import {
  type Assign,
  emptyHistogram,
  type FleetFigures,
  type HistogramText,
  ofLatencies,
  type ServerFigures,
  writeHistogram,
} from '@oversoak/contracts';
import {
  contentFigures,
  fleetFigures,
  serverFigures,
} from '@oversoak/testing/builders/made-figures';
import { KnownProcess } from './known-process.ts';

export interface KnownCell {
  notifier: 'iocp' | 'event';
  layout: 'hetero' | 'homo';
  /** Due messages per second, of both fleets together. */
  rate: number;
}

export interface KnownSoak {
  soakId: string;
  cells: readonly KnownCell[];
  repeats: number;
  measureSeconds: number;
}

/** A run of a known soak, by the clock of the simulation. */
export interface KnownRun {
  cell: KnownCell;
  startMs: number;
  /** Of the measurement. */
  measureEndMs: number;
  endMs: number;
}

export const RAMP_SECONDS = 2;
const DRAIN_SECONDS = 1;
const BETWEEN_SECONDS = 5;
const EXPORT_MS = 10_000;
/** Of a run; each fleet has half. */
export const SESSIONS = 200;
const FLEETS = 2;

/** The middle of a bucket of an exponential histogram, so that interpolation finds it. */
const middle = (seconds: number) => 2 ** ((Math.floor(Math.log2(seconds) * 32) + 0.5) / 32);

/** What each cell does, per second of a run where it is a rate; seconds, bytes, counts. */
export const KNOWN = {
  fastSeconds: middle(0.002),
  slowSeconds: middle(0.008),
  slowShare: 0.1,
  lagSeconds: middle(0.0001),
  lockWaitSeconds: middle(0.00001),
  queueWaitSeconds: middle(0.001),
  moveSeconds: middle(0.005),
  sentShare: 0.9,
  heldShare: 0.2,
  lateShare: 0.08,
  stages: {
    lock: 0.1,
    queue: 0.4,
    work: 0.3,
    'network+wake': 0.2,
    client: 0,
    send: 0,
    'fan-out': 0,
  },
  io: { userSeconds: 0.4, kernelSeconds: 0.2 },
  lobby: { userSeconds: 0.25, kernelSeconds: 0 },
  handledPerSecond: 400,
  movesPerSecond: 10,
  deliverySeconds: middle(0.003),
  deliveriesPerSecond: 2000,
  leftOutPerSecond: 20,
  backlogBytes: 12_000,
  ticksPerSecond: 40,
  ticksSkippedPerSecond: 2,
  tickLateSeconds: middle(0.0005),
  tickSeconds: middle(0.004),
  errorsPerSecond: 4,
  queueDepth: 3,
  inFlight: 20,
  residentBytes: 50_000_000,
  residentBytesPerSecond: 100,
  privateBytes: 30_000_000,
  handles: 40,
  threads: 8,
} as const;

export const meanSeconds =
  KNOWN.fastSeconds * (1 - KNOWN.slowShare) + KNOWN.slowSeconds * KNOWN.slowShare;
export const cellKey = ({ notifier, layout }: KnownCell) => `${notifier}.${layout}.${SESSIONS}`;

const NS = 1e9;

function histogram(...counts: [seconds: number, count: number][]): HistogramText {
  const made = emptyHistogram();
  for (const [seconds, count] of counts) {
    if (count > 0) made.recordValueWithCount(Math.round(seconds * NS), count);
  }
  return writeHistogram(made);
}

/** How long a run has been measured and active, so many seconds after its start. */
interface Moment {
  measured: number;
  active: number;
  ended: boolean;
}

function fleetAt({ rate }: KnownCell, { measured, active, ended }: Moment): FleetFigures {
  const due = Math.round((rate / FLEETS) * measured);
  const sent = Math.round(due * KNOWN.sentShare);
  const slow = Math.round(sent * KNOWN.slowShare);
  const intended = histogram([KNOWN.fastSeconds, sent - slow], [KNOWN.slowSeconds, slow]);
  const totalNs = NS * ((sent - slow) * KNOWN.fastSeconds + slow * KNOWN.slowSeconds);
  const stage = (share: number) => Math.round(totalNs * share);
  const { stages } = KNOWN;
  const held = Math.round(due * KNOWN.heldShare);
  const late = Math.round(due * KNOWN.lateShare);
  const made = fleetFigures(sent, {
    live: ended ? 0 : SESSIONS / FLEETS,
    ledger: { inFlight: ended ? 0 : KNOWN.inFlight / FLEETS },
    load: { due, held, late },
    unsent: { held: due - sent },
    errors: { corrupt: Math.floor((KNOWN.errorsPerSecond / FLEETS) * active) },
    deliveries: {
      ...{ count: sent, untimed: 0 },
      latency: histogram([KNOWN.deliverySeconds, sent]),
      ticks: {
        ...{ count: sent, untimed: 0 },
        clock: 'shared',
        latency: histogram([KNOWN.tickSeconds, sent]),
      },
    },
    latency: {
      ...ofLatencies(() => histogram()),
      ...{ intended, actual: intended, sendLag: histogram([KNOWN.lagSeconds, sent]) },
    },
    stages: [
      {
        ...{ atLeastNs: 0, count: sent, client: 0, send: 0, 'fan-out': 0 },
        'network+wake': stage(stages['network+wake']),
        lock: stage(stages.lock),
        queue: stage(stages.queue),
        work: stage(stages.work),
      },
    ],
  });
  return { ...made, threads: [] };
}

function serverAt({ active, ended }: Moment): ServerFigures {
  const seconds = (each: { userSeconds: number; kernelSeconds: number }) => ({
    userSeconds: 0.3 + each.userSeconds * active,
    kernelSeconds: 0.3 + each.kernelSeconds * active,
    cycles: null,
  });
  const count = Math.round(KNOWN.handledPerSecond * active);
  const looks = Math.round(active * 100);
  const made = serverFigures(count, {
    more: {
      sessions: { accepted: SESSIONS, live: ended ? 0 : SESSIONS, closed: ended ? SESSIONS : 0 },
      moves: Math.round(KNOWN.movesPerSecond * active),
      zones: {
        ...{ joins: SESSIONS, leaves: 0, live: SESSIONS, closed: 0, payloads: 4 },
        ...{ broadcasts: count, mailed: count, dropped: 0 },
        copies: Math.round(KNOWN.deliveriesPerSecond * active),
        ticks: Math.round(KNOWN.ticksPerSecond * active),
        ticksSkipped: Math.round(KNOWN.ticksSkippedPerSecond * active),
        replaced: Math.round(KNOWN.leftOutPerSecond * active),
        backlogMaxBytes: KNOWN.backlogBytes,
      },
      contents: [
        contentFigures('lobby', {
          ...{ threads: 1, handled: count },
          queueDepth: { max: 9, sum: looks * KNOWN.queueDepth, looks },
        }),
      ],
      histograms: {
        lockWait: histogram([KNOWN.lockWaitSeconds, count]),
        moveLatency: histogram([KNOWN.moveSeconds, Math.round(KNOWN.movesPerSecond * active)]),
        queueWait: { lobby: histogram([KNOWN.queueWaitSeconds, count]) },
        tickLateness: histogram([KNOWN.tickLateSeconds, count]),
      },
      threads: [
        { name: 'io-0', ...seconds(KNOWN.io) },
        { name: 'lobby-0', ...seconds(KNOWN.lobby) },
      ],
    },
  });
  const workingSetBytes = KNOWN.residentBytes + KNOWN.residentBytesPerSecond * active;
  const { privateBytes, handles, threads } = KNOWN;
  return { ...made, process: { ...made.process, workingSetBytes, privateBytes, handles, threads } };
}

function assignOf(
  { soakId }: KnownSoak,
  cell: KnownCell,
  { runId, repeat, role }: { runId: string; repeat: number; role: 'server' | 'fleet' },
): Assign {
  const { notifier, layout } = cell;
  const about = {
    ...{ soakName: 'known', cell: cellKey(cell), notifier, layout },
    ...{ sessions: SESSIONS, repeat },
  };
  const part = role === 'server' ? { role } : { role, options: { sessions: SESSIONS / FLEETS } };
  return { ...{ kind: 'assign', runId, soakId, about, epoch: 1 }, part } as unknown as Assign;
}

interface Step {
  atMs: number;
  act: () => void | Promise<void>;
}

/** The steps of one run, and the run itself. */
function stepsOf(
  soak: KnownSoak,
  cell: KnownCell,
  { startMs, repeat, agent }: { startMs: number; repeat: number; agent: Agents },
): { run: KnownRun; steps: Step[] } {
  const { soakId, measureSeconds } = soak;
  const runId = `${soakId}-${cellKey(cell)}-${repeat}`;
  const lastSecond = RAMP_SECONDS + measureSeconds + DRAIN_SECONDS;
  const momentAt = (second: number): Moment => ({
    measured: Math.min(Math.max(0, second - RAMP_SECONDS), measureSeconds),
    active: second,
    ended: second === lastSecond,
  });
  // Repeats go to agents of their own, as in a cluster with many.
  const names = ['server', 'fleet-a', 'fleet-b'].map((name) => `${soakId}-${repeat % 2}-${name}`);
  const parts = names.map((agentId) => {
    const role = agentId.endsWith('server') ? ('server' as const) : ('fleet' as const);
    const own = agent(agentId);
    const context = {
      ...{ agentId, platform: 'wine' as const, telemetry: own.telemetry },
      settings: { metricsRunId: true, traceIntervalMs: 1e9, slowEchoes: 0 },
      clock: { nowMs: () => startMs, toRedisMs: (ms: number) => ms },
      reportSpans: { begin: (report: never) => report } as never,
    };
    const part = new PartTelemetry(
      context,
      assignOf(soak, cell, { runId, repeat, role }),
      undefined,
    );
    return { role, part, flushed: () => own.flush() };
  });
  const seconds = new Set([0, RAMP_SECONDS, RAMP_SECONDS + measureSeconds, lastSecond]);
  for (let second = 0; second < lastSecond; second += 1) seconds.add(second);
  const steps = [...seconds].map((second): Step => {
    const known = {
      0: 'start',
      [RAMP_SECONDS]: 'measureStart',
      [RAMP_SECONDS + measureSeconds]: 'measureEnd',
      [lastSecond]: 'end',
    } as const;
    const moment = known[second] ?? 'second';
    const atMs = startMs + second * 1000;
    const act = async () => {
      const at = momentAt(second);
      for (const { role, part, flushed } of parts) {
        const reading =
          role === 'server'
            ? { role, figures: serverAt(at) }
            : { role, figures: fleetAt(cell, at), slowEchoes: [] };
        part.read(moment, atMs, reading);
        if (moment === 'end') part.end();
        if (moment === 'start' || moment === 'end') await flushed();
      }
    };
    return { atMs, act };
  });
  const measureEndMs = startMs + (RAMP_SECONDS + measureSeconds) * 1000;
  return { run: { cell, startMs, measureEndMs, endMs: startMs + lastSecond * 1000 }, steps };
}

type Agents = (agentId: string) => KnownProcess;

/** Sends all soaks, which begin at once, from `fromMs` on; resolves with their runs. */
export async function sendKnown(
  url: string,
  soaks: readonly KnownSoak[],
  fromMs: number,
): Promise<Map<string, KnownRun[]>> {
  let nowMs = fromMs;
  const agents = new Map<string, KnownProcess>();
  const agent: Agents = (agentId) => {
    const own = agents.get(agentId) ?? new KnownProcess(url, 'oversoak-agent', () => nowMs);
    agents.set(agentId, own);
    return own;
  };
  const runs = new Map<string, KnownRun[]>();
  const steps: Step[] = [];
  for (const soak of soaks) {
    const own: KnownRun[] = [];
    let startMs = fromMs;
    for (let repeat = 1; repeat <= soak.repeats; repeat += 1) {
      for (const cell of soak.cells) {
        const made = stepsOf(soak, cell, { startMs, repeat, agent });
        own.push(made.run);
        steps.push(...made.steps);
        startMs = made.run.endMs + BETWEEN_SECONDS * 1000;
      }
    }
    runs.set(soak.soakId, own);
  }
  const lastMs = Math.max(...steps.map(({ atMs }) => atMs));
  for (const [index, own] of [...agents.values()].entries()) {
    // Every agent exports at moments of its own.
    for (let atMs = fromMs + 1 + ((index * 3_700) % EXPORT_MS); atMs < lastMs; atMs += EXPORT_MS) {
      steps.push({ atMs, act: () => own.flush() });
    }
  }
  for (const { atMs, act } of steps.toSorted((a, b) => a.atMs - b.atMs)) {
    nowMs = atMs;
    await act();
  }
  for (const own of agents.values()) await own.close();
  return runs;
}
