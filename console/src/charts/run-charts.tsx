import { count, decimal, rate } from '@oversoak/contracts/results/figure-text';
import type { LiveColumns } from '../models/live-series.ts';
import { latencyText } from '../models/percentile-plot.ts';
import { TimeChart } from './time-chart.tsx';

const BYTES_OF_MIB = 1024 ** 2;

interface RunChartsProps {
  seconds: readonly number[];
  /** A value for each of the seconds. */
  columns: Omit<LiveColumns, 'seconds'>;
  /** What the live figures and those of a result mean differs. */
  titles: Record<'latency' | 'memory' | 'errors', string>;
  memoryNote?: string;
}

/** One run against time: rates, latency, memory, errors. */
export function RunCharts({ seconds, columns, titles, memoryNote }: RunChartsProps) {
  const at = [...seconds];
  const memory = columns.workingSetBytes.map((bytes) =>
    bytes === null ? null : bytes / BYTES_OF_MIB,
  );
  return (
    <div class="charts">
      <TimeChart
        title="Messages per second"
        seconds={at}
        text={rate}
        lines={[
          { label: 'due', colour: 3, values: columns.dueRate },
          { label: 'sent', colour: 1, values: columns.sentRate },
          { label: 'echoed', colour: 0, values: columns.echoRate },
        ]}
      />
      <TimeChart
        title={titles.latency}
        seconds={at}
        text={latencyText}
        ticks="decades"
        lines={[
          { label: 'p50', colour: 0, values: columns.p50Us },
          { label: 'p99', colour: 1, values: columns.p99Us },
          { label: 'p99.9', colour: 2, values: columns.p999Us },
        ]}
      />
      <TimeChart
        title={titles.memory}
        {...(memoryNote === undefined ? {} : { note: memoryNote })}
        seconds={at}
        text={(mib) => `${decimal(mib)} MiB`}
        lines={[{ label: 'working set', colour: 0, values: memory }]}
      />
      <TimeChart
        title={titles.errors}
        seconds={at}
        text={count}
        ticks="whole"
        lines={[{ label: 'errors', colour: 2, values: columns.errors }]}
      />
    </div>
  );
}
