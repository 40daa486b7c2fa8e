import type { ComparedCell } from '@oversoak/contracts';
import {
  count,
  decimal,
  mebibytes,
  milliseconds,
  NONE,
  percent,
  rate,
  share,
  wholeNumber,
  withUnit,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import {
  busiestThread,
  contentLines,
  errorLines,
  errorsByClass,
  handledShare,
  hasContentThreads,
  hasResult,
  serverLines,
  threads,
  verdictText,
} from './cell-text.ts';
import { stageShares } from './slowest-lines.ts';

/** A labelled figure with its unit, for a cell's block; a list has several lines. */
export interface Figure {
  label: string;
  text: string;
}

/** A column of the comparison; related figures share a cell as several lines. */
export interface Column {
  head: string;
  align: 'left' | 'right';
  text(cell: ComparedCell, colors: Colors): string;
  /** The same value in a block; empty if the block's title contains it. */
  figures(cell: ComparedCell): Figure[];
}

type Text = (cell: ComparedCell) => string;

/** A column with one figure; its unit, if any, is in the head. */
function figure(head: string, label: string, unit: string, text: Text): Column {
  return {
    head,
    align: 'right',
    text,
    figures: (cell) => [{ label, text: unit === '' ? text(cell) : withUnit(text(cell), unit) }],
  };
}

function title(head: string, align: Column['align'], text: Column['text']): Column {
  return { head, align, text, figures: () => [] };
}

/** All columns by the name that `--columns` accepts. */
export const COLUMNS = {
  cell: title('notifier\nlayout', 'left', ({ cell }) => serverLines(cell).join('\n')),
  sessions: title('sessions', 'right', ({ cell }) => count(cell.sessions)),
  rate: {
    head: 'due\nachieved',
    align: 'right',
    text: ({ offeredRate, achievedRate }) => `${rate(offeredRate)}\n${rate(achievedRate)}`,
    figures: ({ offeredRate, achievedRate }) => [
      { label: 'due', text: withUnit(rate(offeredRate), '/s') },
      {
        label: 'achieved',
        text: `${withUnit(rate(achievedRate), '/s')} (${share(achievedRate, offeredRate)})`,
      },
    ],
  },
  p50: figure('p50\nms', 'p50', 'ms', (cell) => milliseconds(cell.latencyIntended.p50Us)),
  p99: figure('p99\nms', 'p99', 'ms', (cell) => milliseconds(cell.latencyIntended.p99Us)),
  'p99.9': figure('p99.9\nms', 'p99.9', 'ms', (cell) => milliseconds(cell.latencyIntended.p999Us)),
  max: figure('max\nms', 'max', 'ms', (cell) => milliseconds(cell.latencyIntended.maxUs)),
  'late-p99': figure('late\np99 ms', 'late p99', 'ms', (cell) => milliseconds(cell.sendLag.p99Us)),
  'lock-p50': figure('lock\np50 µs', 'lock p50', 'µs', (cell) => decimal(cell.lockWait.p50Us)),
  'lock-p99': figure('lock\np99 µs', 'lock p99', 'µs', (cell) => decimal(cell.lockWait.p99Us)),
  'queue-p50': figure('queue\np50 ms', 'queue p50', 'ms', (cell) =>
    milliseconds(cell.queueWait.p50Us),
  ),
  'queue-p99': figure('queue\np99 ms', 'queue p99', 'ms', (cell) =>
    milliseconds(cell.queueWait.p99Us),
  ),
  'depth-mean': figure('depth\nmean', 'depth mean', '', (cell) => decimal(cell.queueDepthMean)),
  'depth-max': figure('depth\nmax', 'depth max', '', (cell) => wholeNumber(cell.queueDepthMax)),
  hops: figure('hops\n/msg', 'hops', 'per message', (cell) => decimal(cell.hopsPerMessage)),
  moves: figure('moves', 'moves', '', (cell) => wholeNumber(cell.moves)),
  'move-p99': figure('move\np99 ms', 'move p99', 'ms', (cell) =>
    milliseconds(cell.moveLatency.p99Us),
  ),
  rerouted: figure('re-\nrouted', 're-routed', '', (cell) => wholeNumber(cell.rerouted)),
  contents: {
    head: 'contents: share,\nqueue p99 ms, depth max',
    align: 'left',
    text: (cell) => (cell.contents.length === 0 ? NONE : contentLines(cell).join('\n')),
    figures: ({ contents }) => {
      const lines = contents.map((content) => {
        const { name, queueWait, queueDepthMax } = content;
        const wait = withUnit(milliseconds(queueWait.p99Us), 'ms');
        const handled = handledShare(content, contents);
        return `${name} ${handled}, queue p99 ${wait}, depth max ${count(queueDepthMax)}`;
      });
      return [{ label: 'contents', text: lines.length === 0 ? NONE : lines.join('\n') }];
    },
  },
  stage: {
    head: 'slowest\n1 %',
    align: 'left',
    text: (cell) => dominatingStage(cell, '\n'),
    figures: (cell) => [{ label: 'slowest', text: dominatingStage(cell, ' ') }],
  },
  errors: {
    head: 'errors',
    align: 'right',
    text: (cell) => errorLines(cell).join('\n'),
    figures: (cell) => {
      const none = hasResult(cell) ? '0' : NONE;
      const errors = errorsByClass(cell).map((error) => `${count(error.count)} ${error.name}`);
      return [{ label: 'errors', text: errors.length === 0 ? none : errors.join('\n') }];
    },
  },
  cpu: figure('CPU µs\n/echo', 'CPU per echo', 'µs', (cell) => decimal(cell.serverCpuPerEchoUs)),
  busiest: {
    head: 'busiest\nthread',
    align: 'left',
    text: (cell) => busiestText(cell, '\n'),
    figures: (cell) => [{ label: 'busiest', text: busiestText(cell, ' ') }],
  },
  batch: figure('per\nbatch', 'batch', 'completions', (cell) => decimal(cell.completionsPerBatch)),
  'at-once': figure('at\nonce', 'at once', 'of the receives', (cell) =>
    percent(cell.receivesAtOnceShare),
  ),
  threads: {
    head: 'threads\nreq/ran',
    align: 'right',
    text: threads,
    figures: (cell) => [{ label: 'threads', text: `${threads(cell)} (requested/ran)` }],
  },
  memory: figure('memory\nMiB', 'memory', 'MiB', (cell) => mebibytes(cell.serverWorkingSetBytes)),
  verdict: title('verdict', 'left', ({ verdict }, colors) => verdictText(verdict, colors)),
} as const satisfies Record<string, Column>;
export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

const LATENCY: readonly ColumnName[] = [
  'cell',
  'sessions',
  'rate',
  'p50',
  'p99',
  'p99.9',
  'max',
  'late-p99',
];
const CONTENT: readonly ColumnName[] = ['lock-p99', 'queue-p99', 'depth-max'];
const COSTS: readonly ColumnName[] = ['errors', 'cpu', 'threads', 'memory', 'verdict'];

/** The default column sets, preferred one first. */
export function defaultColumns(cells: readonly ComparedCell[]): (readonly ColumnName[])[] {
  const always = [...LATENCY, ...COSTS];
  if (!cells.some(hasContentThreads)) return [always];
  const all = [...LATENCY, ...CONTENT, ...COSTS];
  // Figures of the contents say more than another percentile.
  return [all, all.filter((name) => name !== 'p99.9'), always];
}

function dominatingStage({ slowest }: ComparedCell, separator: string): string {
  const dominating = slowest === null ? undefined : stageShares(slowest)[0];
  return dominating === undefined
    ? NONE
    : `${dominating.stage}${separator}${percent(dominating.share)}`;
}

function busiestText(cell: ComparedCell, separator: string): string {
  const busiest = busiestThread(cell);
  return busiest === null ? NONE : `${busiest.name}${separator}${percent(busiest.share)}`;
}

const HEAD_LEGEND =
  "Rates in messages/s. Latency from the intended send time. CPU: the server's own threads.";

/** Explains what the table's heads abbreviate. */
export function legend(cells: readonly ComparedCell[]): string {
  return cells.some(hasContentThreads) ? `${HEAD_LEGEND} Threads: IO+content.` : HEAD_LEGEND;
}
