import type { RunEvent, Soak, SoakReport } from '@oversoak/contracts';
import { RUN_STATES } from '@oversoak/contracts/values/run-state';
import { useEffect, useRef, useState } from 'preact/hooks';
import { LiveSeries } from '../models/live-series.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { SoakResults } from '../results/soak-results.tsx';
import { saveFile } from './save-file.ts';
import { useClient, useMay } from './session.ts';
import { SoakLive } from './soak-live.tsx';

/** What the soak waits for is in no event. */
const REFRESH_MS = 3000;
/** Samples come several times a second; a plot need not. */
const DRAW_MS = 1000;

/** A soak, live until it is done. */
export function SoakPage({ soakId }: { soakId: string }) {
  const client = useClient();
  const [isDone, setIsDone] = useState(false);
  const {
    value: soak,
    error,
    again,
  } = useAnswer(() => client.soak(soakId), [client, soakId], isDone ? null : REFRESH_MS);
  useEffect(() => setIsDone(soak?.state === 'done'), [soak]);
  if (soak === undefined) return <ProblemNote error={error} />;
  if (soak.state === 'done') return <DoneSoak soakId={soakId} />;
  return (
    <>
      <ProblemNote error={error} />
      <LiveSoak soak={soak} again={again} />
    </>
  );
}

function DoneSoak({ soakId }: { soakId: string }) {
  const client = useClient();
  const { value: report, error } = useAnswer(() => client.report(soakId), [client, soakId]);
  if (error !== null) return <ProblemNote error={error} />;
  if (report === undefined) return <p>Reading the results …</p>;
  return <SoakResults report={report} actions={<Actions report={report} />} />;
}

function Actions({ report: { soak } }: { report: SoakReport }) {
  const client = useClient();
  const [error, setError] = useState<Error | null>(null);
  const download = async () => {
    try {
      saveFile(await client.reportFile(soak.soakId), `${soak.name}-${soak.soakId}.html`);
    } catch (failed) {
      setError(failed as Error);
    }
  };
  return (
    <div class="actions">
      <button type="button" onClick={download}>
        Download the report
      </button>
      <a class="button" href={`#/compare/${soak.soakId}`}>
        Compare
      </a>
      <ProblemNote error={error} />
    </div>
  );
}

interface Live {
  states: Map<string, Extract<RunEvent, { kind: 'state' }>>;
  series: Map<string, LiveSeries>;
}

function LiveSoak({ soak, again }: { soak: Soak; again(): void }) {
  const client = useClient();
  const mayCancel = useMay('operator');
  const live = useRef<Live>({ states: new Map(), series: new Map() });
  const [isConnected, setIsConnected] = useState(true);
  const [, draw] = useState(0);
  const { soakId } = soak;
  useEffect(() => {
    const { states, series } = live.current;
    const stop = client.follow(soakId, {
      connected: setIsConnected,
      event: (event) => {
        if (event.kind === 'state') {
          states.set(event.runId, event);
          draw((count) => count + 1);
          if (event.state === 'done') again();
          return;
        }
        const { runId } = event.sample;
        const known = series.get(runId) ?? new LiveSeries();
        series.set(runId, known);
        known.add(event.sample);
      },
    });
    const timer = setInterval(() => draw((count) => count + 1), DRAW_MS);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [client, soakId, again]);
  const cancel = async () => {
    await client.cancel(soakId);
    again();
  };
  return (
    <SoakLive
      soak={withStates(soak, live.current.states)}
      series={live.current.series}
      isConnected={isConnected}
      cancel={mayCancel ? cancel : null}
    />
  );
}

/** Events and answers overtake each other: of two states of a run the later one counts. */
function withStates(soak: Soak, states: Live['states']): Soak {
  const place = (state: string) => RUN_STATES.indexOf(state as (typeof RUN_STATES)[number]);
  const runs = soak.runs.map((run) => {
    const event = states.get(run.runId);
    if (event === undefined || place(event.state) <= place(run.state)) return run;
    return { ...run, state: event.state, judgement: event.judgement };
  });
  return { ...soak, runs };
}
