import type { ReportedRun, Timeline } from '@oversoak/contracts';
import { useState } from 'preact/hooks';
import { RunCharts } from '../charts/run-charts.tsx';
import { Section } from '../parts/section.tsx';

const TITLES = { latency: 'Latency', memory: 'Memory that the server added', errors: 'Errors' };

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
      <RunCharts
        key={shown.runId}
        seconds={shown.timeline.endSeconds}
        columns={shown.timeline}
        titles={TITLES}
      />
    </Section>
  );
}
