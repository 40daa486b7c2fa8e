import type { ReportedRun, Timeline } from '@oversoak/contracts';
import { count, decimal, rate } from '@oversoak/contracts/results/figure-text';
import { useState } from 'preact/hooks';
import { TimeChart } from '../charts/time-chart.tsx';
import { latencyText } from '../models/percentile-plot.ts';
import { Section } from '../parts/section.tsx';

const BYTES_OF_MIB = 1024 ** 2;

type Drawn = ReportedRun & { timeline: Timeline };

/** One run at a time against the time of its measurement. */
export function RunsSection({ runs }: { runs: readonly ReportedRun[] }) {
  const drawn = runs.filter((run): run is Drawn => (run.timeline?.startSeconds.length ?? 0) > 0);
  const [runId, setRunId] = useState(drawn[0]?.runId);
  const shown = drawn.find((run) => run.runId === runId) ?? drawn[0];
  if (shown === undefined) return null;
  return (
    <Section title="Runs against time" note="Since the measurement began.">
      <label class="choose">
        Run{' '}
        <select value={shown.runId} onChange={({ currentTarget }) => setRunId(currentTarget.value)}>
          {drawn.map((run) => (
            <option key={run.runId} value={run.runId}>
              {run.key}, repeat {run.repeat}
            </option>
          ))}
        </select>
      </label>
      <Charts key={shown.runId} timeline={shown.timeline} />
    </Section>
  );
}

function Charts({ timeline }: { timeline: Timeline }) {
  const seconds = timeline.endSeconds;
  const memory = timeline.workingSetBytes.map((bytes) =>
    bytes === null ? null : bytes / BYTES_OF_MIB,
  );
  return (
    <div class="charts">
      <TimeChart
        title="Messages per second"
        seconds={seconds}
        text={rate}
        lines={[
          { label: 'due', colour: 3, values: timeline.dueRate },
          { label: 'sent', colour: 1, values: timeline.sentRate },
          { label: 'echoed', colour: 0, values: timeline.echoRate },
        ]}
      />
      <TimeChart
        title="Latency"
        seconds={seconds}
        text={latencyText}
        ticks="decades"
        lines={[
          { label: 'p50', colour: 0, values: timeline.p50Us },
          { label: 'p99', colour: 1, values: timeline.p99Us },
          { label: 'p99.9', colour: 2, values: timeline.p999Us },
        ]}
      />
      <TimeChart
        title="Memory that the server added"
        seconds={seconds}
        text={(mib) => `${decimal(mib)} MiB`}
        lines={[{ label: 'working set', colour: 0, values: memory }]}
      />
      <TimeChart
        title="Errors"
        seconds={seconds}
        text={count}
        ticks="whole"
        lines={[{ label: 'errors', colour: 2, values: timeline.errors }]}
      />
    </div>
  );
}
