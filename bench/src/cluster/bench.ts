import Table from 'cli-table3';
import { benchDispatch, type DispatchBenchOptions, type DispatchFigures } from './dispatch.ts';
import { benchFirstEcho } from './first-echo.ts';
import { benchScale, type ScaleFigures, scaleProblems, scaleText } from './growth.ts';

export const CLUSTER_PARTS = ['first-echo', 'dispatch', 'growth'] as const;
export type ClusterPart = (typeof CLUSTER_PARTS)[number];

export interface ClusterBenchOptions {
  parts: readonly ClusterPart[];
  dispatch: DispatchBenchOptions;
  growth: { agents: readonly number[]; runs: number; seconds: number };
}

const FIRST_ECHO_AIM_MS = 3000;
/** Upper limit for the p99 of an allocation. */
const ALLOCATION_AIM_MS = 10;
const MAX_FAULTS_SHOWN = 20;

/** Prints the cluster's figures when idle and under load; returns whether all aims are met. */
export async function benchCluster(
  { parts, dispatch, growth }: ClusterBenchOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const problems: string[] = [];
  if (parts.includes('first-echo')) problems.push(...(await firstEcho(signal)));
  if (parts.includes('dispatch')) {
    const { agents, runs } = dispatch;
    console.log(`Dispatch: ${agents} agents with a dry engine, ${runs} queued runs`);
    const figures = await benchDispatch(dispatch, signal);
    console.log(dispatchText(figures));
    problems.push(...dispatchProblems(figures));
  }
  if (parts.includes('growth')) {
    const { agents, ...more } = growth;
    console.log(`Growth: agents that joined, ${more.runs} queued runs, for ${more.seconds} s each`);
    const scales: ScaleFigures[] = [];
    for (const count of agents) scales.push(await benchScale({ agents: count, ...more }, signal));
    console.log(scaleText(scales));
    problems.push(...scales.flatMap(scaleProblems));
  }
  for (const problem of problems.slice(0, MAX_FAULTS_SHOWN)) console.log(`NOT MET: ${problem}`);
  return problems.length === 0;
}

async function firstEcho(signal: AbortSignal): Promise<string[]> {
  console.log('Submit to first echo: two real agents under Wine, the cluster idle');
  const { atMostMs } = await benchFirstEcho(signal);
  console.log(`  at most ${atMostMs.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  return atMostMs
    .filter((ms) => ms >= FIRST_ECHO_AIM_MS)
    .map((ms) => `first echo after ${ms.toFixed(0)} ms, aim ${FIRST_ECHO_AIM_MS} ms`);
}

/** The aims that were missed, one line each. */
export function dispatchProblems(figures: DispatchFigures): string[] {
  const { runs, allocations, script, verdicts, faults } = figures;
  const done = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const { p99Ms } = script;
  return [
    ...faults,
    ...(done === runs ? [] : [`${done} of ${runs} runs are done`]),
    ...(allocations >= runs ? [] : [`${allocations} gangs were allocated for ${runs} runs`]),
    ...(p99Ms < ALLOCATION_AIM_MS
      ? []
      : [`p99 of one allocation is ${p99Ms.toFixed(1)} ms, aim ${ALLOCATION_AIM_MS} ms`]),
  ];
}

function dispatchText(figures: DispatchFigures): string {
  const { verdicts, reasons, allocations, script, call, pass, seconds, faults } = figures;
  const table = new Table({
    head: ['', 'p50 ms', 'p99 ms', 'max ms'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, times] of [
    ['one allocation, in Redis', script],
    ['its call, as seen by the control plane', call],
    ['from the start of a pass over the queue to its allocation', pass],
  ] as const) {
    table.push([name, ...[times.p50Ms, times.p99Ms, times.maxMs].map((ms) => ms.toFixed(2))]);
  }
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  return [
    `runs: ${counts.join(', ')} in ${seconds.toFixed(0)} s; ${allocations} gangs allocated`,
    ...[...reasons].map(([reason, count]) => `  ${count} x ${reason}`),
    table.toString(),
    `log of allocations: ${faults.length === 0 ? 'no faults' : `${faults.length} faults`}`,
  ].join('\n');
}
