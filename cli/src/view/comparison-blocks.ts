import type { ComparedCell } from '@oversoak/contracts';
import type { Colors } from '../terminal.ts';
import { errorsByClass, threads, verdictText, withUnit } from './comparison-columns.ts';
import { count, cpuMs, megabytes, milliseconds, rate, share } from './figures.ts';

/** A cell on a few short lines, for a terminal that is too narrow for the table. */
export function comparisonBlock(cell: ComparedCell, colors: Colors): string {
  const { notifier, layout, sessions } = cell.cell;
  const { latencyIntended: latency, offeredRate, achievedRate } = cell;
  const errors = errorsByClass(cell).map(({ name, count: n }) => `${count(n)} ${name}`);
  return [
    `${colors.bold(`${notifier} · ${layout} · ${count(sessions)} sessions`)}: ${verdictText(cell.verdict, colors)}`,
    `  offered  ${withUnit(rate(offeredRate), '/s')}`,
    `  achieved ${withUnit(rate(achievedRate), '/s')} (${share(achievedRate, offeredRate)})`,
    `  p50      ${withUnit(milliseconds(latency.p50Us), 'ms')}`,
    `  p99      ${withUnit(milliseconds(latency.p99Us), 'ms')}`,
    `  p99.9    ${withUnit(milliseconds(latency.p999Us), 'ms')}`,
    `  max      ${withUnit(milliseconds(latency.maxUs), 'ms')}`,
    `  errors   ${errors.length === 0 ? '0' : errors.join('\n           ')}`,
    `  CPU      ${withUnit(cpuMs(cell.serverCpuSecondsPer1000Echoes), 'ms per 1k echoes')}`,
    `  threads  ${threads(cell)} (asked/ran)`,
    `  memory   ${withUnit(megabytes(cell.serverWorkingSetBytes), 'MB')}`,
  ].join('\n');
}
