import Table from 'cli-table3';
import { benchDispatch, type DispatchBenchOptions, type DispatchFigures } from './dispatch.ts';
import { benchFirstEcho } from './first-echo.ts';

const FIRST_ECHO_AIM_MS = 3000;
/** Upper limit for the p99 of an allocation. */
const ALLOCATION_AIM_MS = 10;
const MAX_FAULTS_SHOWN = 20;

/** Prints the cluster's figures under load and when idle; returns whether all aims are met. */
export async function benchCluster(
  options: DispatchBenchOptions,
  signal: AbortSignal,
): Promise<boolean> {
  console.log('Submit to first echo: two real agents under Wine, the cluster idle');
  const first = await benchFirstEcho(signal);
  const each = first.atMostMs.map((ms) => ms.toFixed(0)).join(', ');
  console.log(`  at most ${each} ms`);
  console.log(`Dispatch: ${options.agents} agents with a dry engine, ${options.runs} queued runs`);
  const figures = await benchDispatch(options, signal);
  console.log(dispatchText(figures));
  const slow = first.atMostMs.filter((ms) => ms >= FIRST_ECHO_AIM_MS);
  const problems = [
    ...slow.map((ms) => `first echo after ${ms.toFixed(0)} ms, aim ${FIRST_ECHO_AIM_MS} ms`),
    ...dispatchProblems(figures),
  ];
  for (const problem of problems.slice(0, MAX_FAULTS_SHOWN)) console.log(`NOT MET: ${problem}`);
  return problems.length === 0;
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
