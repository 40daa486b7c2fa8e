import { type ComparedCell, ERROR_CLASSES, type Verdict } from '@oversoak/contracts';
import type { Colors } from '../terminal.ts';
import { count, cpuMs, megabytes, milliseconds, NONE, rate } from './figures.ts';

/** One column of the comparison; text of several lines where two figures belong together. */
export interface Column {
  head: string;
  align: 'left' | 'right';
  text: (cell: ComparedCell, colors: Colors) => string;
}

export const COLUMNS: readonly Column[] = [
  {
    head: 'notifier\nlayout',
    align: 'left',
    text: ({ cell }) => `${cell.notifier}\n${cell.layout}`,
  },
  { head: 'sessions', align: 'right', text: ({ cell }) => count(cell.sessions) },
  {
    head: 'offered\nachieved',
    align: 'right',
    text: ({ offeredRate, achievedRate }) => `${rate(offeredRate)}\n${rate(achievedRate)}`,
  },
  {
    head: 'p50\nms',
    align: 'right',
    text: ({ latencyIntended }) => milliseconds(latencyIntended.p50Us),
  },
  {
    head: 'p99\nms',
    align: 'right',
    text: ({ latencyIntended }) => milliseconds(latencyIntended.p99Us),
  },
  {
    head: 'p99.9\nms',
    align: 'right',
    text: ({ latencyIntended }) => milliseconds(latencyIntended.p999Us),
  },
  {
    head: 'max\nms',
    align: 'right',
    text: ({ latencyIntended }) => milliseconds(latencyIntended.maxUs),
  },
  { head: 'errors', align: 'right', text: (cell) => errorLines(cell).join('\n') },
  {
    head: 'CPU ms\nper 1k',
    align: 'right',
    text: ({ serverCpuSecondsPer1000Echoes }) => cpuMs(serverCpuSecondsPer1000Echoes),
  },
  { head: 'threads\nask/ran', align: 'right', text: threads },
  {
    head: 'memory\nMB',
    align: 'right',
    text: ({ serverWorkingSetBytes }) => megabytes(serverWorkingSetBytes),
  },
  { head: 'verdict', align: 'left', text: ({ verdict }, colors) => verdictText(verdict, colors) },
];

/** What the table's heads leave out. */
export const LEGEND =
  "Rates in messages/s. Latency from the intended send time. CPU: the server's own threads.";

export function threads({ ioThreadsAsked, ioThreadsRan }: ComparedCell): string {
  return [ioThreadsAsked, ioThreadsRan].map((n) => (n === null ? NONE : count(n))).join('/');
}

/** The classes that counted something, in the order of the contracts. */
export function errorsByClass({ errors }: ComparedCell): { name: string; count: number }[] {
  const counters: Record<string, number> = errors;
  return Object.keys(ERROR_CLASSES)
    .map((name) => ({ name, count: counters[name] ?? 0 }))
    .filter((error) => error.count > 0);
}

export function errorCount(cell: ComparedCell): number {
  return errorsByClass(cell).reduce((sum, error) => sum + error.count, 0);
}

function errorLines(cell: ComparedCell): string[] {
  const errors = errorsByClass(cell);
  if (errors.length === 0) return ['0'];
  return errors.flatMap((error) => [count(error.count), ...splitName(error.name)]);
}

const NAME_CHARACTERS = 12;

/** A long class name on two lines: `disconnectedByServer` → `disconnected-`, `ByServer`. */
function splitName(name: string): string[] {
  if (name.length <= NAME_CHARACTERS) return [name];
  const lines = [''];
  for (const word of name.split(/(?=[A-Z])/)) {
    const last = lines.length - 1;
    const line = lines[last] ?? '';
    if (line !== '' && line.length + word.length > NAME_CHARACTERS) lines.push(word);
    else lines[last] = line + word;
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line}-` : line));
}

export function verdictText(verdict: Verdict | null, colors: Colors): string {
  switch (verdict) {
    case 'passed':
      return colors.green(verdict);
    case 'failed':
      return colors.red(verdict);
    case 'inconclusive':
    case 'cancelled':
      return colors.yellow(verdict);
    case null:
      return 'not done';
  }
}

/** `1.23` or `–`, with its unit only where there is a figure. */
export function withUnit(text: string, unit: string): string {
  return text === NONE ? NONE : `${text} ${unit}`;
}
