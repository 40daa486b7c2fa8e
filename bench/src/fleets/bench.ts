// The demo's cells, loaded by a fleet under Wine and by a native Linux one in turn: what a fleet under
// Wine adds to the latency of the server that it measures. The server is under Wine on both sides.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  cellKey,
  emptyHistogram,
  NONE,
  readHistogram,
  type SoakSpec,
  summarise,
} from '@oversoak/contracts';
import { readYaml } from '@oversoak/control-plane/submit/read-spec';
import { REPOSITORY } from '@oversoak/testing/repository';
import Table from 'cli-table3';
import type { BenchApi } from '../cluster/api.ts';
import { WineCluster } from '../cluster/wine-cluster.ts';

const POLL_MS = 500;
const SIDES = ['wine', 'linux'] as const;
type Side = (typeof SIDES)[number];

/** The p99 under a Linux fleet is to be at most this share of that under one under Wine. */
const GOAL = 0.5;

const AGENTS = [
  { agentId: 'server', labels: { part: 'server' }, slots: 1 },
  { agentId: 'fleet-wine', labels: { fleet: 'wine' }, slots: 1 },
  { agentId: 'fleet-linux', labels: { fleet: 'linux' }, slots: 1, native: true },
];

/** p99 in ms of a cell, a figure a round, on each side. */
type Figures = Map<string, Record<Side, number[]>>;

/** Prints the figures of the rounds; returns whether the goal is reached in every cell. */
export async function benchFleets(
  { rounds, seconds }: { rounds: number; seconds: number },
  signal: AbortSignal,
): Promise<boolean> {
  const read = readYaml(readFileSync(join(REPOSITORY, 'presets', 'demo.yaml'), 'utf8'));
  if ('problems' in read) throw new Error('the preset of the demo is not valid YAML');
  const demo = read.value as SoakSpec;
  const cluster = await WineCluster.create();
  const figures: Figures = new Map();
  let notPassed = 0;
  try {
    const api = await cluster.start(AGENTS, signal);
    for (let round = 1; round <= rounds; round += 1) {
      for (const side of SIDES) {
        const spec = {
          ...demo,
          name: `fleets-${side}`,
          repeats: 1,
          phases: { ...demo.phases, measureSeconds: seconds },
          placement: { server: { part: 'server' }, fleet: { fleet: side } },
        };
        notPassed += await soak(api, spec, side, figures, signal);
      }
    }
  } finally {
    await cluster.stop();
  }
  const reached = show(figures);
  if (notPassed > 0) console.log(`${notPassed} runs did not pass; their figures are counted too.`);
  console.log('The server is under Wine on both sides: relative cost, not Windows performance.');
  return reached;
}

/** Adds the soak's p99s; returns the number of runs that did not pass. */
async function soak(
  api: BenchApi,
  spec: object,
  side: Side,
  figures: Figures,
  signal: AbortSignal,
): Promise<number> {
  const { soakId, runs } = await api.submit(spec);
  while ((await api.soak(soakId)).state !== 'done') await delay(POLL_MS, undefined, { signal });
  let notPassed = 0;
  for (const { runId, cell } of runs) {
    const result = await api.result(runId);
    if (result?.run.judgement?.verdict !== 'passed') notPassed += 1;
    const latency = emptyHistogram();
    for (const { figures: of } of Object.values(result?.fleets ?? {})) {
      latency.add(readHistogram(of.final.measured.latency.intended));
    }
    const key = cellKey(cell);
    const known = figures.get(key) ?? { wine: [], linux: [] };
    known[side].push((summarise(latency).p99Us ?? Number.NaN) / 1000);
    figures.set(key, known);
  }
  return notPassed;
}

function show(figures: Figures): boolean {
  const table = new Table({
    head: ['cell', 'p99 ms, fleet under Wine', 'p99 ms, Linux fleet', 'ratio', ''],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  let reached = true;
  for (const [key, { wine, linux }] of figures) {
    // A round without figures on one side says nothing; the others count.
    const ratios = wine.flatMap((value, round) => {
      const ratio = (linux[round] ?? Number.NaN) / value;
      return Number.isNaN(ratio) ? [] : [ratio];
    });
    const ratio = median(ratios);
    const isReached = ratio <= GOAL;
    reached &&= isReached;
    const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    table.push([
      key,
      listed(wine),
      listed(linux),
      ratios.length === 0 ? NONE : `${ratio.toFixed(2)} (${range})`,
      isReached ? 'reached' : 'MISSED',
    ]);
  }
  console.log(table.toString());
  console.log(`Ratio: the median of the rounds and its range; the goal is ${GOAL} at most.`);
  return reached;
}

function listed(values: readonly number[]): string {
  return values.map((value) => (Number.isNaN(value) ? NONE : value.toPrecision(3))).join(', ');
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
