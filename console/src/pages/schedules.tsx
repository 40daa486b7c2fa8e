import type { Schedule, ScheduleEntry, Trend, TrendSeries } from '@oversoak/contracts';
import { metricText, metricTitle } from '@oversoak/contracts/results/difference-text';
import { NONE, utcTime } from '@oversoak/contracts/results/figure-text';
import { useState } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import { NightStrip } from '../charts/night-strip.tsx';
import { nightPlot } from '../models/nights.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { platformClass, verdictMark } from '../parts/verdict.tsx';
import { useClient, useMay } from './session.ts';

export function SchedulesPage() {
  const client = useClient();
  const { value: schedules, error } = useAnswer(() => client.schedules(), [client]);
  return (
    <>
      <h1>Schedules</h1>
      <ProblemNote error={error} />
      {schedules?.length === 0 && (
        <p>
          No schedules yet. <code>oversoak schedules put NAME FILE</code> makes one.
        </p>
      )}
      {schedules?.map((schedule) => (
        <ScheduleBlock key={schedule.name} schedule={schedule} />
      ))}
    </>
  );
}

/** null: none of its soaks is done yet. */
async function trendOr404(trend: Promise<Trend>): Promise<Trend | null> {
  try {
    return await trend;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

function ScheduleBlock({ schedule }: { schedule: Schedule }) {
  const client = useClient();
  const { name, cron, timeZone, enabled, nextAtMs, stopped } = schedule;
  const mayRun = useMay('operator');
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [failed, setFailed] = useState<Error | null>(null);
  const { value, error } = useAnswer(async () => {
    const entries = await client.history(name);
    const hasEnded = entries.some(({ verdict }) => verdict !== null);
    return { entries, trend: hasEnded ? await trendOr404(client.trend(name)) : null };
  }, [client, name]);
  const run = async () => {
    try {
      const { soakId } = await client.runScheduleOnce(name, key);
      setKey(crypto.randomUUID());
      location.hash = `#/soaks/${soakId}`;
    } catch (problem) {
      setFailed(problem as Error);
    }
  };
  return (
    <Section title={name}>
      <p>
        <code>{cron}</code> ({timeZone});{' '}
        {enabled && nextAtMs !== null ? `next at ${utcTime(nextAtMs)} UTC` : 'not enabled'}
      </p>
      {stopped !== null && <p class="problem">It has stopped: {stopped}</p>}
      {mayRun && (
        <button type="button" onClick={run}>
          Run now
        </button>
      )}
      <ProblemNote error={failed ?? error} />
      {value !== undefined && <History entries={value.entries} />}
      {value?.trend !== undefined && value.trend !== null && <TrendBlock trend={value.trend} />}
    </Section>
  );
}

/** The newest on the right. */
function History({ entries }: { entries: readonly ScheduleEntry[] }) {
  if (entries.length === 0) return <p>It has not run yet.</p>;
  return (
    <ol class="strip" aria-label="Nights, oldest first">
      {entries.toReversed().map(({ tickAtMs, soakId, verdict, outcome, note }) => {
        const word = verdict ?? (outcome === 'submitted' ? 'running' : outcome);
        const text = `${utcTime(tickAtMs)}: ${word}${note === '' ? '' : `, ${note}`}`;
        const mark = <span aria-hidden="true">{verdictMark(verdict, null)}</span>;
        return (
          <li key={tickAtMs} class={`mark ${verdict ?? 'open'}`} title={text}>
            {soakId === null ? (
              mark
            ) : (
              <a href={`#/soaks/${soakId}`}>
                {mark}
                <span class="unseen">{text}</span>
              </a>
            )}
            {soakId === null && <span class="unseen">{text}</span>}
          </li>
        );
      })}
    </ol>
  );
}

function TrendBlock({ trend }: { trend: Trend }) {
  return (
    <>
      {trend.platform.map((label) => (
        <p key={label} class={platformClass(label)}>
          {label}
        </p>
      ))}
      {trend.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      {trend.series.map((series) => (
        <SeriesBlock key={`${series.cell} ${series.metric}`} series={series} />
      ))}
    </>
  );
}

const STATE_WORDS: Record<TrendSeries['state'], string> = {
  none: 'as the base',
  suspect: 'a regression is suspected',
  regression: 'regression',
  improvement: 'improvement',
};

function SeriesBlock({ series }: { series: TrendSeries }) {
  const { cell, metric, base, points, state, change } = series;
  const tonight = points.at(-1)?.value ?? null;
  const words = [
    STATE_WORDS[state],
    ...(change === null
      ? []
      : [`×${change.ratio.toFixed(2)} since ${utcTime(change.sinceTickAtMs)}`]),
  ].join(', ');
  const band =
    base === null
      ? 'no base yet'
      : `band ${metricText(metric, base.low)} to ${metricText(metric, base.high)}`;
  const title = `${cell}, ${metricTitle(metric)}`;
  return (
    <details open={state !== 'none'}>
      <summary>
        {title}: <span class={`badge ${STATE_COLOUR[state]}`}>{words}</span>
      </summary>
      <p>
        Latest {tonight === null ? NONE : metricText(metric, tonight)}; {band}.
      </p>
      <NightStrip plot={nightPlot(series)} label={`${title}: ${points.length} nights, ${words}`} />
    </details>
  );
}

const STATE_COLOUR: Record<TrendSeries['state'], string> = {
  none: 'passed',
  suspect: 'inconclusive',
  regression: 'failed',
  improvement: 'passed',
};
