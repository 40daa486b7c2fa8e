import {
  type Cell,
  type ComparedCell,
  type ComparedContent,
  count,
  ERROR_CLASSES,
  milliseconds,
  NONE,
  percent,
  type Verdict,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';

/**
 * Notifier and layout (or `target`), and the lock, queue and server where the matrix varies them.
 */
export function serverLines(cell: Cell): string[] {
  const { notifier, layout, containerLock, contentQueue, side } = cell;
  return [
    ...(notifier === null || layout === null ? ['target'] : [notifier, layout]),
    ...(containerLock === undefined ? [] : [`lock ${containerLock}`]),
    ...(contentQueue === undefined ? [] : [`queue ${contentQueue}`]),
    ...(side === undefined ? [] : [side]),
  ];
}

/** Requested and actual threads: `1/1`, or `1+3/1+3` for IO threads plus content threads. */
export function threads(cell: ComparedCell): string {
  const requested = threadSum(cell.ioThreadsRequested, cell.contentThreadsRequested);
  return `${requested}/${threadSum(cell.ioThreadsRan, cell.contentThreadsRan)}`;
}

function threadSum(io: number | null, content: number | null): string {
  if (io === null) return NONE;
  return content === null || content === 0 ? count(io) : `${count(io)}+${count(content)}`;
}

export function hasContentThreads({ contentThreadsRan }: ComparedCell): boolean {
  return contentThreadsRan !== null && contentThreadsRan > 0;
}

/** The server thread that used most CPU time; null if unknown. */
export function busiestThread({ threadCpu }: ComparedCell): { name: string; share: number } | null {
  const [busiest] = threadCpu.toSorted((a, b) => b.share - a.share);
  return busiest ?? null;
}

/** One line per content: share of the messages, queue wait and depth, in aligned columns. */
export function contentLines({ contents }: ComparedCell): string[] {
  const rows = contents.map((content) => {
    const { queueWait, queueDepthMax } = content;
    const figures = [handledShare(content, contents), milliseconds(queueWait.p99Us)];
    return [content.name, ...figures, count(queueDepthMax)];
  });
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(width(0)) : text.padStart(width(column))))
      .join('  '),
  );
}

export function handledShare({ handled }: ComparedContent, all: readonly ComparedContent[]) {
  const total = all.reduce((sum, content) => sum + content.handled, 0);
  return percent(total === 0 ? null : handled / total);
}

/** Error classes with a count above 0, in the order of the contracts. */
export function errorsByClass({ errors }: ComparedCell): { name: string; count: number }[] {
  const counters: Record<string, number> = errors;
  return Object.keys(ERROR_CLASSES)
    .map((name) => ({ name, count: counters[name] ?? 0 }))
    .filter((error) => error.count > 0);
}

/** Whether at least one of its runs left the results of all members. */
export const hasResult = ({ offeredRate }: ComparedCell): boolean => offeredRate !== null;

export function errorCount(cell: ComparedCell): number {
  return errorsByClass(cell).reduce((sum, error) => sum + error.count, 0);
}

export function errorLines(cell: ComparedCell): string[] {
  const errors = errorsByClass(cell);
  if (errors.length === 0) return [hasResult(cell) ? '0' : NONE];
  return errors.flatMap((error) => [count(error.count), ...splitName(error.name)]);
}

const NAME_CHARACTERS = 12;

/**
 * Splits a long class name into two lines: `disconnectedByServer` → `disconnected-`, `ByServer`.
 */
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
