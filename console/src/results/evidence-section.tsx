import type { Check, ComparedCell, ErrorBound, SoakReport } from '@oversoak/contracts';
import { errorEvidenceText } from '@oversoak/contracts/figures/error-evidence';
import { count, NONE } from '@oversoak/contracts/results/figure-text';
import {
  type CheckRow,
  checkRows,
  driftText,
  evidenceOf,
  type RunEvidence,
} from '../models/evidence.ts';
import { Section } from '../parts/section.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { VerdictBadge } from '../parts/verdict.tsx';

const OUTCOME_COLOUR: Record<Check['outcome'], string> = {
  held: 'passed',
  missed: 'failed',
  unknown: 'inconclusive',
};

function windowsText(windows: NonNullable<Check['windows']>): string {
  const { judged, missed, undecided } = windows;
  const open = undecided === 0 ? '' : `, ${count(undecided)} undecided`;
  return `missed in ${count(missed)} of ${count(judged)} windows${open}`;
}

function boundText({ errors, echoes, upperRate }: ErrorBound): string {
  const counted = `${count(errors)} errors in ${count(echoes)} echoes`;
  return `${counted}: fewer than 1 in ${count(Math.floor(1 / upperRate))} at 95 %.`;
}

/** More would be pages of thresholds. */
const MAX_OPEN = 6;

/** What each verdict rests on, cell by cell; open where it is not "passed". */
export function EvidenceSection({ report }: { report: SoakReport }) {
  const { comparison, runs, soak } = report;
  const notPassed = comparison.cells.filter(({ verdict }) => verdict !== 'passed');
  const opens = notPassed.length <= MAX_OPEN ? notPassed : [];
  return (
    <Section title="What the verdict rests on">
      {comparison.cells.map((cell) => (
        <details key={cell.key} open={opens.includes(cell) || comparison.cells.length === 1}>
          <summary>
            {cell.key} <VerdictBadge verdict={cell.verdict} />
          </summary>
          <Reasons cell={cell} />
          <RunsEvidence cell={cell} runs={evidenceOf(cell.key, runs, soak.spec)} />
        </details>
      ))}
    </Section>
  );
}

function Reasons({ cell }: { cell: ComparedCell }) {
  if (cell.reasons.length === 0) return null;
  return (
    <ul>
      {cell.reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  );
}

function RunsEvidence({ cell, runs }: { cell: ComparedCell; runs: readonly RunEvidence[] }) {
  return (
    <>
      <Checks cell={cell} runs={runs} />
      <ul class="runs">
        {runs.map((run) => (
          <RunNotes key={run.runId} run={run} />
        ))}
      </ul>
    </>
  );
}

/** A column for each repeat. */
function Checks({ cell, runs }: { cell: ComparedCell; runs: readonly RunEvidence[] }) {
  const rows = checkRows(runs);
  if (rows.length === 0) return null;
  const columns: Column<CheckRow>[] = [
    { title: 'threshold', cell: ({ threshold }) => <code>{threshold}</code> },
    ...runs.map(({ repeat }, index) => ({
      title: `repeat ${repeat}`,
      cell: ({ checks }: CheckRow) => <CheckOutcome check={checks[index]} />,
    })),
  ];
  return (
    <Table
      caption={`Thresholds of ${cell.key}`}
      columns={columns}
      rows={rows}
      keyOf={({ threshold }) => threshold}
    />
  );
}

function CheckOutcome({ check }: { check: Check | undefined }) {
  if (check === undefined) return NONE;
  const { outcome, actual, windows } = check;
  return (
    <>
      <span class={`badge ${OUTCOME_COLOUR[outcome]}`}>{outcome}</span> {actual}
      {windows !== undefined && <small> {windowsText(windows)}</small>}
    </>
  );
}

/** The evidence of a run beside its thresholds. */
function RunNotes({ run }: { run: RunEvidence }) {
  const { repeat, runId, impliedHeld, bound, drift, notes, firstErrors } = run;
  const lines = [
    ...(bound === null ? [] : [boundText(bound)]),
    ...(impliedHeld > 0
      ? [`Held as well: ${impliedHeld} thresholds that every soak implies.`]
      : []),
    ...drift
      .filter(({ slope }) => slope !== null)
      .map((each) => {
        const rise = each.rise === null ? '' : `, rise: ${each.rise}`;
        return `Drift of ${each.metric}: ${driftText(each)}${rise}.`;
      }),
    ...firstErrors.map((error) => `${error.class} ${errorEvidenceText(error)}`),
    ...notes,
  ];
  return (
    <li>
      Repeat {repeat} <small>{runId}</small>
      {lines.map((line) => (
        <span key={line} class="line">
          {line}
        </span>
      ))}
    </li>
  );
}
