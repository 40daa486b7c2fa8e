import type { SoakSummary } from '@oversoak/contracts';
import { utcTime } from '@oversoak/contracts/results/figure-text';
import { useState } from 'preact/hooks';
import { FILTERS, type Filter, filterSoaks } from '../models/soak-filter.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { VerdictBadge } from '../parts/verdict.tsx';
import { useClient, useMay } from './session.ts';

const REFRESH_MS = 5000;

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
  const client = useClient();
  const mayStart = useMay('operator');
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const cursor = cursors.at(-1) ?? null;
  const { value: page, error } = useAnswer(
    () => client.newestSoaks(cursor),
    [client, cursor],
    REFRESH_MS,
  );
  const shown = filterSoaks(page?.soaks ?? [], filter, text);
  const next = page?.nextCursor ?? null;
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
      <div class="filters">
        <label>
          Name or id{' '}
          <input
            type="search"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label>
          Show{' '}
          <select
            value={filter}
            onChange={({ currentTarget }) => setFilter(currentTarget.value as Filter)}
          >
            {FILTERS.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ProblemNote error={error} />
      {page !== undefined && shown.length === 0 && <Nothing isEmpty={page.soaks.length === 0} />}
      {shown.length > 0 && (
        <Table
          caption="Soaks, newest first"
          columns={COLUMNS}
          rows={shown}
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

function Nothing({ isEmpty }: { isEmpty: boolean }) {
  if (!isEmpty) return <p>No soak of this page matches.</p>;
  return (
    <p>
      No soaks yet. <a href="#/new">Start one from a preset.</a>
    </p>
  );
}
