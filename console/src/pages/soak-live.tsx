import type { Soak } from '@oversoak/contracts';
import { cellKey } from '@oversoak/contracts/options/matrix';
import { count } from '@oversoak/contracts/results/figure-text';
import { useState } from 'preact/hooks';
import { RunCharts } from '../charts/run-charts.tsx';
import { growthPerHour, growthText } from '../models/growth.ts';
import type { LiveColumns, LiveSeries } from '../models/live-series.ts';
import { activeRuns } from '../models/run-grid.ts';
import { RunGrid } from '../parts/run-grid.tsx';
import { Section } from '../parts/section.tsx';
import { VerdictBadge } from '../parts/verdict.tsx';

const TITLES = {
  latency: 'Latency of the echoes of a second',
  memory: "Working set of the server's process",
  errors: 'Errors so far',
};

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
  const growth = growthText(growthPerHour(columns.seconds, columns.workingSetBytes));
  return (
    <RunCharts
      seconds={columns.seconds}
      columns={columns}
      titles={TITLES}
      {...(growth === '' ? {} : { memoryNote: growth })}
    />
  );
}

/** The first press asks for confirmation, the second one cancels. */
function CancelButton({ cancel }: { cancel(): Promise<void> }) {
  const [isConfirming, setIsConfirming] = useState(false);
  if (!isConfirming) {
    return (
      <button type="button" onClick={() => setIsConfirming(true)}>
        Cancel the soak
      </button>
    );
  }
  return (
    <span class="actions">
      <button type="button" class="grave" onClick={cancel}>
        End it now
      </button>
      <button type="button" onClick={() => setIsConfirming(false)}>
        Let it run
      </button>
    </span>
  );
}
