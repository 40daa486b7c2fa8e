import {
  type ComparedCell,
  type ComparedContent,
  type ContentFigures,
  mergeHistograms,
  type ServerFigures,
  type ServerResult,
  summarise,
} from '@oversoak/contracts';
import { type ServerWaits, waitsOf } from '../judge/figures.ts';
import { distinct, largest, ratio, sum } from '../judge/pooled.ts';
import { cpuPerEchoUs, cpuSeconds, grownInAll } from '../prediction/server-formulas.ts';

/** Server results of a cell's repeats; empty for a target. */
type Servers = readonly ServerResult[];

const atEnd = (servers: Servers) => servers.map(({ figures }) => figures.measureEnd);

/** Combined figures of the queues of all contents that `counts` accepts. */
function queueFigures(
  servers: Servers,
  waits: readonly ServerWaits[],
  counts: (content: string) => boolean,
) {
  const chosen = ({ contents }: ServerFigures) => contents.filter(({ name }) => counts(name));
  const total = (count: (content: ContentFigures) => number) =>
    grownInAll(servers, (figures) => sum(chosen(figures).map(count)));
  const waited = waits.flatMap(({ queueWait }) =>
    Object.entries(queueWait).flatMap(([name, text]) => (counts(name) ? [text] : [])),
  );
  const handled = total((content) => content.handled);
  return {
    handled,
    queueWait: summarise(mergeHistograms(waited)),
    queueDepthMax: largest(
      atEnd(servers).flatMap((figures) => chosen(figures).map(({ queueDepth }) => queueDepth.max)),
    ),
    queueDepthMean: ratio(
      total(({ queueDepth }) => queueDepth.sum),
      total(({ queueDepth }) => queueDepth.looks),
    ),
    rerouted: total(({ rerouted }) => rerouted),
    hopsPerMessage: ratio(
      total(({ hops }) => hops),
      handled,
    ),
    workUsPerMessage: ratio(total(({ workSeconds }) => workSeconds) * 1e6, handled),
  };
}

function comparedContents(servers: Servers, waits: readonly ServerWaits[]): ComparedContent[] {
  const names = distinct(
    atEnd(servers).flatMap(({ contents }) => contents.map(({ name }) => name)),
  );
  return names.map((name) => {
    const { hopsPerMessage, queueDepthMax, ...figures } = queueFigures(
      servers,
      waits,
      (content) => content === name,
    );
    return { name, ...figures, queueDepthMax: queueDepthMax ?? 0 };
  });
}

/** A thread that started during the measurement had used no CPU before. */
function threadCpu(servers: Servers): ComparedCell['threadCpu'] {
  const seconds = sum(servers.map(({ measuredSeconds }) => measuredSeconds));
  const names = distinct(atEnd(servers).flatMap(({ threads }) => threads.map(({ name }) => name)));
  return names.map((name) => {
    const used = grownInAll(servers, ({ threads }) =>
      sum(threads.filter((thread) => thread.name === name).map(cpuSeconds)),
    );
    return { name, share: ratio(used, seconds) ?? 0 };
  });
}

/** The servers' figures of a cell; null, 0 or empty if there are none. */
export function comparedServer(servers: Servers) {
  const counted = (count: (figures: ServerFigures) => number) => grownInAll(servers, count);
  const known = (value: number | null) => (servers.length === 0 ? null : value);
  const ends = atEnd(servers);
  const waits = servers.map(waitsOf);
  const atOnce = counted(({ receives }) => receives.atOnce);
  const pending = counted(({ receives }) => receives.pending);
  const queues = queueFigures(servers, waits, () => true);
  return {
    serverCpuPerEchoUs: cpuPerEchoUs(servers),
    ioThreadsRequested: largest(ends.map(({ threadsRequested }) => threadsRequested.io)),
    ioThreadsRan: largest(ends.map(({ threadsRan }) => threadsRan.io)),
    contentThreadsRequested: largest(ends.map(({ threadsRequested }) => threadsRequested.content)),
    contentThreadsRan: largest(ends.map(({ threadsRan }) => threadsRan.content)),
    lockWait: summarise(mergeHistograms(waits.map(({ lockWait }) => lockWait))),
    queueWait: queues.queueWait,
    moveLatency: summarise(mergeHistograms(waits.map(({ moveLatency }) => moveLatency))),
    queueDepthMax: queues.queueDepthMax,
    queueDepthMean: queues.queueDepthMean,
    hopsPerMessage: queues.hopsPerMessage,
    moves: known(counted(({ moves }) => moves)),
    rerouted: known(queues.rerouted),
    contents: comparedContents(servers, waits),
    threadCpu: threadCpu(servers),
    serverWorkingSetBytes: largest(ends.map(({ own }) => own.workingSetBytes)),
    completionsPerBatch: ratio(
      counted(({ completions }) => completions.total),
      counted(({ completions }) => completions.batches),
    ),
    receivesAtOnceShare: ratio(atOnce, atOnce + pending),
  };
}
