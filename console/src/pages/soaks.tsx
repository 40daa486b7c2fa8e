import type { SoakSummary } from '@oversoak/contracts';
import { utcTime } from '@oversoak/contracts/results/figure-text';
import { useEffect, useState } from 'preact/hooks';
import { ALL_SOAKS, type ChosenSoaks, filterOf, STATES, VERDICTS } from '../models/soak-filter.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { VerdictBadge } from '../parts/verdict.tsx';
import { useClient, useMay } from './session.ts';

const REFRESH_MS = 5000;
/** A filter that matches few soaks makes the API read many. */
const REFRESH_FILTERED_MS = 30_000;
/** The text is searched for after such a pause in typing. */
const PAUSE_MS = 300;

const COLUMNS: readonly Column<SoakSummary>[] = [
  { title: 'soak', cell: ({ soakId, name }) => <a href={`#/soaks/${soakId}`}>{name}</a> },
  {
    title: 'verdict',
    cell: ({ verdict, state }) => <VerdictBadge verdict={verdict} state={state} />,
  },
  { title: 'runs done', isFigure: true, cell: ({ runs, runsDone }) => `${runsDone} of ${runs}` },
  { title: 'submitted, UTC', cell: ({ createdAtMs }) => utcTime(createdAtMs) },
  { title: 'id', cell: ({ soakId }) => <small>{soakId}</small> },
];

export function SoaksPage() {
  const mayStart = useMay('operator');
  const [chosen, setChosen] = useState(ALL_SOAKS);
  const text = useSettled(chosen.text);
  const settled = { ...chosen, text };
  return (
    <>
      <header class="title">
        <h1>Soaks</h1>
        {mayStart && (
          <a class="button" href="#/new">
            New soak
          </a>
        )}
      </header>
      <Filters chosen={chosen} choose={(change) => setChosen({ ...chosen, ...change })} />
      {/* Another filter begins at its own first page. */}
      <Pages key={JSON.stringify(settled)} chosen={settled} />
    </>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

interface FiltersProps {
  chosen: ChosenSoaks;
  choose(change: Partial<ChosenSoaks>): void;
}

function Filters({ chosen, choose }: FiltersProps) {
  const client = useClient();
  const { value: schedules = [] } = useAnswer(() => client.schedules(), [client]);
  const { text, state, verdict, schedule } = chosen;
  return (
    <div class="filters">
      <label>
        Name or id{' '}
        <input
          type="search"
          maxLength={100}
          value={text}
          onInput={({ currentTarget }) => choose({ text: currentTarget.value })}
        />
      </label>
      <Choice label="State" value={state} values={STATES} set={(one) => choose({ state: one })} />
      <Choice
        label="Verdict"
        value={verdict}
        values={VERDICTS}
        set={(one) => choose({ verdict: one })}
      />
      <Choice
        label="Schedule"
        value={schedule}
        values={schedules.map(({ name }) => name)}
        set={(one) => choose({ schedule: one })}
      />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T | '';
  values: readonly T[];
  set(value: T | ''): void;
}

function Choice<T extends string>({ label, value, values, set }: ChoiceProps<T>) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value as T | '')}>
        <option value="">any</option>
        {values.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function Pages({ chosen }: { chosen: ChosenSoaks }) {
  const client = useClient();
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  const cursor = cursors.at(-1) ?? null;
  const filter = filterOf(chosen);
  const isFiltered = Object.keys(filter).length > 0;
  const { value: page, error } = useAnswer(
    () => client.pageOfSoaks(cursor, filter),
    [client, cursor],
    isFiltered ? REFRESH_FILTERED_MS : REFRESH_MS,
  );
  const next = page?.nextCursor ?? null;
  const isEmpty = page?.soaks.length === 0;
  return (
    <>
      <ProblemNote error={error} />
      {page === undefined && error === null && <p>Reading the soaks …</p>}
      {isEmpty && <Nothing isFirst={cursor === null} isFiltered={isFiltered} />}
      {page !== undefined && !isEmpty && (
        <Table
          caption="Soaks, newest first"
          columns={COLUMNS}
          rows={page.soaks}
          keyOf={(row) => row.soakId}
        />
      )}
      <nav class="pages" aria-label="Pages of soaks">
        {cursors.length > 1 && (
          <button type="button" onClick={() => setCursors(cursors.slice(0, -1))}>
            Newer
          </button>
        )}
        {next !== null && (
          <button type="button" onClick={() => setCursors([...cursors, next])}>
            Older
          </button>
        )}
      </nav>
    </>
  );
}

function Nothing({ isFirst, isFiltered }: { isFirst: boolean; isFiltered: boolean }) {
  if (!isFirst) return <p>No older soaks.</p>;
  if (isFiltered) return <p>No soak matches.</p>;
  return (
    <p>
      No soaks yet. <a href="#/new">Start one from a preset.</a>
    </p>
  );
}
