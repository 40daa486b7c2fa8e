// A short night: sound servers must pass under limits on growth, and planted leaks must be found.
// All cells run in parallel, each on a separate agent.
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Drift, DriftMetric, RunResult } from '@oversoak/contracts';
import Table from 'cli-table3';
import type { BenchApi } from '../cluster/api.ts';
import { WineCluster } from '../cluster/wine-cluster.ts';
import { CELLS, type NightCell, SETTLE_SECONDS, specOf, wrongOf } from './cells.ts';
import { growthTable, Resident } from './growth.ts';

const POLL_MS = 10_000;
/** Added to the phases: preparing, the drain, the judgement. */
const MAX_BESIDE_MS = 180_000;
const REPORT_EVERY_MINUTES = 10;
const MIB = 1024 ** 2;

interface Night {
  /** In the order of the cells. */
  results: RunResult[];
  asExpected: boolean;
}

/** Prints the verdicts and the growth. */
export async function benchNight(
  { minutes }: { minutes: number },
  signal: AbortSignal,
): Promise<Night> {
  const heapLog = fileURLToPath(new URL('./heap-log.js', import.meta.url));
  const cluster = await WineCluster.create(`--require=${heapLog}`);
  try {
    const agents = CELLS.map(({ name }) => ({ agentId: name, labels: { night: name }, slots: 2 }));
    const api = await cluster.start(agents, signal);
    console.log(`Night: ${CELLS.length} cells for ${minutes} minutes, in parallel`);
    const resident = new Resident(cluster.members);
    const fromMs = Date.now() + SETTLE_SECONDS * 1000;
    const results = await soakAll(api, minutes, resident, signal);
    const wrong = CELLS.flatMap((cell, at) => {
      const why = wrongOf(cell, results[at] as RunResult);
      return why === null ? [] : [`${cell.name}: ${why}`];
    });
    console.log(cellTable(results));
    console.log(await growthTable(cluster.members, resident, fromMs));
    console.log('"server": what a server added to its process. Slopes with their 95 % intervals.');
    console.log('Measured under Wine on Linux, which has no private bytes.');
    for (const each of wrong) console.log(`Unexpected: ${each}`);
    return { results, asExpected: wrong.length === 0 };
  } finally {
    await cluster.stop();
  }
}

/** Results in the order of the cells. */
async function soakAll(
  api: BenchApi,
  minutes: number,
  resident: Resident,
  signal: AbortSignal,
): Promise<RunResult[]> {
  const soaks = await Promise.all(CELLS.map((cell) => api.submit(specOf(cell, minutes))));
  const beganMs = performance.now();
  const endMs = (SETTLE_SECONDS + minutes * 60) * 1000 + MAX_BESIDE_MS;
  let reportedMinutes = 0;
  for (;;) {
    const states = await Promise.all(soaks.map(({ soakId }) => api.soak(soakId)));
    if (states.every(({ state }) => state === 'done')) break;
    const tookMs = performance.now() - beganMs;
    if (tookMs > endMs) throw new Error('a soak of the night did not end');
    await resident.read();
    if (tookMs / 60_000 >= reportedMinutes + REPORT_EVERY_MINUTES) {
      reportedMinutes += REPORT_EVERY_MINUTES;
      console.log(`${reportedMinutes} of ${minutes} minutes`);
    }
    await delay(POLL_MS, undefined, { signal });
  }
  return Promise.all(soaks.map(({ runs: [run] }) => resultOf(api, run?.runId ?? '')));
}

async function resultOf(api: BenchApi, runId: string): Promise<RunResult> {
  const result = await api.result(runId);
  if (result === null) throw new Error(`${runId} has no result`);
  return result;
}

function cellTable(results: readonly RunResult[]): string {
  const table = new Table({
    head: ['cell', '', 'verdict', 'server MiB', 'MiB/h', 'handles/h', 'threads/h', ''],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const [at, result] of results.entries()) {
    const cell = CELLS[at] as NightCell;
    const { workingSetBytes } = result.server?.figures.measureEnd.own ?? { workingSetBytes: null };
    const drifts = result.evidence?.drift ?? [];
    const slope = (metric: DriftMetric, scale = 1) =>
      driftText(
        drifts.find((drift) => drift.metric === metric),
        scale,
      );
    table.push([
      cell.name,
      cell.what,
      result.run.judgement?.verdict ?? 'none',
      workingSetBytes === null ? '' : (workingSetBytes / MIB).toFixed(2),
      slope('workingSet', MIB),
      slope('handles'),
      slope('threads'),
      wrongOf(cell, result) === null ? 'as expected' : 'WRONG',
    ]);
  }
  return table.toString();
}

function driftText(drift: Drift | undefined, scale: number): string {
  if (drift === undefined || drift.slope === null) return '';
  const [slope, low, high] = [drift.slope, drift.low, drift.high].map((each) =>
    each === null ? '?' : (each / scale).toFixed(2),
  );
  return `${slope} (${low} to ${high})`;
}
