// The cost of telemetry: echoes per second of the same run with telemetry on, off, and with an
// unreachable receiver, one after the other.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '@oversoak/contracts';
import Table from 'cli-table3';
import { mean } from 'simple-statistics';
import type { BenchApi } from '../cluster/api.ts';
import { WineCluster } from '../cluster/wine-cluster.ts';
import { agentsOf, cpuSecondsOf, labelsOf } from './agents.ts';
import {
  costOf,
  hostOverhead,
  MAX_COST,
  type Measured,
  MODES,
  type Mode,
  moreCpuOf,
  orderOf,
  type Round,
  spreadOf,
} from './summary.ts';
import { Swallower } from './swallower.ts';

export interface TelemetryBenchOptions {
  rounds: number;
  /** Length of each measurement. */
  seconds: number;
}

export interface TelemetryFigures {
  rounds: Round[];
  /** What the receiver accepted. */
  requests: number;
  bytes: number;
}

const SESSIONS = 50;
const POLL_MS = 100;
/** Added to the phases of a run. */
const MAX_RUN_MS = 60_000;
/** Nothing listens on this port, which only root could open. */
const AWAY = 'http://127.0.0.1:1';

/** A closed loop without a pause, so each send follows its echo immediately. */
const specOf = (mode: Mode, seconds: number) => ({
  name: `telemetry-${mode}`,
  matrix: { notifier: ['iocp'], layout: ['homo'], sessions: [SESSIONS] },
  workload: { pacing: 'closed', minFrameBytes: 64, maxFrameBytes: 64 },
  game: { contents: [{ name: 'lobby' }] },
  phases: { rampUpSeconds: 0, warmUpSeconds: 1, measureSeconds: seconds, drainSeconds: 1 },
  placement: { server: labelsOf(mode, 'server'), fleet: labelsOf(mode, 'fleet') },
});

export async function takeTelemetryFigures(
  { rounds, seconds }: TelemetryBenchOptions,
  signal: AbortSignal,
): Promise<TelemetryFigures> {
  const swallower = new Swallower();
  const receivers = { off: undefined, on: await swallower.start(), away: AWAY };
  const cluster = await WineCluster.create();
  try {
    const api = await cluster.start(agentsOf(receivers), signal);
    const taken: Round[] = [];
    // The first round is a warm-up and does not count.
    for (let round = -1; round < rounds; round += 1) {
      const figures: Partial<Round> = {};
      for (const mode of orderOf(round + 1)) {
        figures[mode] = await measure(cluster, api, mode, round < 0 ? 1 : seconds, signal);
      }
      if (round >= 0) taken.push(figures as Round);
    }
    return { rounds: taken, requests: swallower.requests, bytes: swallower.bytes };
  } finally {
    await cluster.stop();
    await swallower.stop();
  }
}

async function measure(
  cluster: WineCluster,
  api: BenchApi,
  mode: Mode,
  seconds: number,
  signal: AbortSignal,
): Promise<Measured> {
  const [beganMs, cpuBefore] = [performance.now(), await cpuSecondsOf(cluster, mode)];
  const { soakId, runs } = await api.submit(specOf(mode, seconds));
  const [{ runId } = { runId: '' }] = runs;
  const endMs = performance.now() + seconds * 1000 + MAX_RUN_MS;
  while ((await api.soak(soakId)).state !== 'done') {
    if (performance.now() > endMs) throw new Error(`${mode}: ${runId} did not end`);
    await delay(POLL_MS, undefined, { signal });
  }
  const cpuSeconds = (await cpuSecondsOf(cluster, mode)) - cpuBefore;
  const tookSeconds = (performance.now() - beganMs) / 1000;
  const { server, fleet } = partsOf(mode, await api.result(runId));
  const { measureStart, measureEnd } = fleet.figures;
  const echoed = measureEnd.ledger.echoed - measureStart.ledger.echoed;
  return {
    echoesPerSecond: echoed / fleet.measuredSeconds,
    overheadCpu: cpuSeconds / tookSeconds + mean([server, fleet].map(hostOverhead)),
  };
}

/** The parts of a successful run. */
function partsOf(mode: Mode, result: RunResult | null) {
  const server = result?.server;
  const [fleet] = Object.values(result?.fleets ?? {});
  const { verdict, reasons } = result?.run.judgement ?? { verdict: 'none', reasons: [] };
  if (!server || !fleet || verdict !== 'passed') {
    throw new Error(`${mode}: a run has the verdict ${verdict}: ${reasons.join('; ')}`);
  }
  return { server, fleet };
}

const ratioText = (ratio: number) => ratio.toFixed(3);
const shareText = (share: number) =>
  `${share < 0 ? '-' : '+'}${Math.abs(share * 100).toFixed(2)} %`;

function rangeText(interval: [number, number] | null, text: (bound: number) => string): string {
  return interval === null ? '' : interval.map(text).join(' to ');
}

export function telemetryTable({ rounds }: TelemetryFigures): string {
  const table = new Table({
    head: ['telemetry', 'echoes/s', 'lowest', 'highest', 'of off', '95 %', 'cost', 'CPU', '95 %'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const mode of MODES) {
    const { median, low, high } = spreadOf(rounds, mode);
    const rates = [median, low, high].map((rate) => rate.toFixed(0));
    const { ratio, interval, word } = costOf(rounds, mode);
    const words = {
      within: `within ${MAX_COST * 100} %`,
      beyond: `more than ${MAX_COST * 100} %`,
      undecided: 'undecided',
    };
    const cost = [ratioText(ratio), rangeText(interval, ratioText), words[word]];
    const cpu = moreCpuOf(rounds, mode);
    const more = [shareText(cpu.more), rangeText(cpu.interval, shareText)];
    table.push([mode, ...rates, ...(mode === 'off' ? ['', '', '', '', ''] : [...cost, ...more])]);
  }
  return table.toString();
}

/** Prints the cost; returns false if it is shown to exceed the limit. */
export async function benchTelemetry(
  options: TelemetryBenchOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const figures = await takeTelemetryFigures(options, signal);
  const { rounds, requests, bytes } = figures;
  console.log(`Telemetry: ${SESSIONS} sessions in a closed loop, ${rounds.length} rounds`);
  console.log(telemetryTable(figures));
  console.log(
    `The receiver accepted ${requests} requests, ${(bytes / 1e6).toFixed(1)} MB in total.`,
  );
  console.log(
    'Medians; "of off": ratio within a round. A server, its agent and its wineserver share a core,',
  );
  console.log(
    'as do those of the fleet, so telemetry takes CPU time from the echoes. "CPU": additional share',
  );
  console.log(
    'of the core that an agent and its host use for telemetry, excluding the echo threads. It is',
  );
  console.log(
    'measurable even if the echo rate is too noisy. "undecided": more rounds are needed.',
  );
  console.log('Measured under Wine on Linux: relative cost, not Windows performance.');
  if (requests === 0) throw new Error('the receiver received nothing: telemetry was not on');
  return MODES.every((mode) => costOf(rounds, mode).word !== 'beyond');
}
