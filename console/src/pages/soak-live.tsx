import type { Soak } from '@oversoak/contracts';
import { cellKey } from '@oversoak/contracts/options/matrix';
import { count, decimal, rate } from '@oversoak/contracts/results/figure-text';
import { useState } from 'preact/hooks';
import { TimeChart } from '../charts/time-chart.tsx';
import type { LiveColumns, LiveSeries } from '../models/live-series.ts';
import { latencyText } from '../models/percentile-plot.ts';
import { activeRuns } from '../models/run-grid.ts';
import { RunGrid } from '../parts/run-grid.tsx';
import { Section } from '../parts/section.tsx';
import { VerdictBadge } from '../parts/verdict.tsx';

const BYTES_OF_MIB = 1024 ** 2;

interface SoakLiveProps {
  soak: Soak;
  /** By run. */
  series: ReadonlyMap<string, LiveSeries>;
  isConnected: boolean;
  /** null: who looks may not. */
  cancel: (() => Promise<void>) | null;
}

export function SoakLive({ soak, series, isConnected, cancel }: SoakLiveProps) {
  const done = soak.runs.filter(({ state }) => state === 'done').length;
  const active = activeRuns(soak);
  return (
    <>
      <header class="title">
        <h1>
          {soak.name} <VerdictBadge verdict={null} state={soak.state} />
        </h1>
        <p class="note">{soak.soakId}</p>
        {cancel !== null && <CancelButton cancel={cancel} />}
      </header>
      <p role="status">
        {count(done)} of {count(soak.runs.length)} runs are done.{' '}
        {soak.waiting !== null && active.length === 0 && `It waits: ${soak.waiting}.`}
      </p>
      {!isConnected && (
        <p class="problem" role="alert">
          The connection is lost; it is tried again. The soak goes on.
        </p>
      )}
      <Section title="Runs" note="Cells × repeats.">
        <RunGrid runs={soak.runs} />
      </Section>
      {active.map((run) => (
        <Section
          key={run.runId}
          title={`${cellKey(run.cell)}, repeat ${run.repeat}: ${run.state}`}
          note={`On ${run.gang.map(({ agentId, role }) => `${agentId} (${role})`).join(', ')}.`}
        >
          <LiveCharts columns={series.get(run.runId)?.columns ?? null} />
        </Section>
      ))}
    </>
  );
}

function LiveCharts({ columns }: { columns: LiveColumns | null }) {
  if (columns === null || columns.seconds.length === 0) return <p>No samples yet.</p>;
  const { seconds } = columns;
  const memory = columns.workingSetBytes.map((bytes) =>
    bytes === null ? null : bytes / BYTES_OF_MIB,
  );
  return (
    <div class="charts">
      <TimeChart
        title="Messages per second"
        seconds={[...seconds]}
        text={rate}
        lines={[
          { label: 'due', colour: 3, values: columns.dueRate },
          { label: 'sent', colour: 1, values: columns.sentRate },
          { label: 'echoed', colour: 0, values: columns.echoRate },
        ]}
      />
      <TimeChart
        title="Latency of the echoes of a second"
        seconds={[...seconds]}
        text={latencyText}
        ticks="decades"
        lines={[
          { label: 'p50', colour: 0, values: columns.p50Us },
          { label: 'p99', colour: 1, values: columns.p99Us },
          { label: 'p99.9', colour: 2, values: columns.p999Us },
        ]}
      />
      <TimeChart
        title="Working set of the server's process"
        seconds={[...seconds]}
        text={(mib) => `${decimal(mib)} MiB`}
        lines={[{ label: 'working set', colour: 0, values: memory }]}
      />
      <TimeChart
        title="Errors so far"
        seconds={[...seconds]}
        text={count}
        ticks="whole"
        lines={[{ label: 'errors', colour: 2, values: columns.errors }]}
      />
    </div>
  );
}

/** A first press asks, a second one does it. */
function CancelButton({ cancel }: { cancel(): Promise<void> }) {
  const [isAsked, setIsAsked] = useState(false);
  if (!isAsked) {
    return (
      <button type="button" onClick={() => setIsAsked(true)}>
        Cancel the soak
      </button>
    );
  }
  return (
    <span class="actions">
      <button type="button" class="grave" onClick={cancel}>
        End it now
      </button>
      <button type="button" onClick={() => setIsAsked(false)}>
        Let it run
      </button>
    </span>
  );
}
