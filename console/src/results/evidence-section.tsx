import type { Check, ComparedCell, ErrorBound, SoakReport } from '@oversoak/contracts';
import { count } from '@oversoak/contracts/results/figure-text';
import { driftText, evidenceOf, type RunEvidence } from '../models/evidence.ts';
import { Section } from '../parts/section.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { VerdictBadge } from '../parts/verdict.tsx';

const CHECKS: readonly Column<Check>[] = [
  { title: 'threshold', cell: ({ threshold }) => <code>{threshold}</code> },
  {
    title: 'outcome',
    cell: ({ outcome }) => <span class={`badge ${OUTCOME_COLOUR[outcome]}`}>{outcome}</span>,
  },
  { title: 'actual', cell: ({ actual }) => actual },
  { title: 'windows missed', cell: ({ windows }) => windowsText(windows) },
];

const OUTCOME_COLOUR: Record<Check['outcome'], string> = {
  held: 'passed',
  missed: 'failed',
  unknown: 'inconclusive',
};

function windowsText(windows: Check['windows']): string {
  if (windows === undefined) return '';
  const { judged, missed, undecided } = windows;
  const open = undecided === 0 ? '' : `, ${count(undecided)} undecided`;
  return `${count(missed)} of ${count(judged)}${open}`;
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
          {evidenceOf(cell.key, runs, soak.spec).map((run) => (
            <RunChecks key={run.runId} run={run} />
          ))}
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

function RunChecks({ run }: { run: RunEvidence }) {
  const { repeat, runId, checks, impliedHeld, bound, drift, notes } = run;
  const drifts = drift.filter(({ slope }) => slope !== null);
  return (
    <div class="run">
      <h3>
        Repeat {repeat} <small>{runId}</small>
      </h3>
      {checks.length > 0 && (
        <Table
          caption={`Thresholds of ${runId}`}
          columns={CHECKS}
          rows={checks}
          keyOf={({ threshold }) => threshold}
        />
      )}
      {impliedHeld > 0 && <p>Held as well: {impliedHeld} thresholds that every soak implies.</p>}
      {bound !== null && <p>{boundText(bound)}</p>}
      {drifts.length > 0 && (
        <ul>
          {drifts.map((each) => (
            <li key={each.metric}>
              {each.metric}: {driftText(each)}
              {each.rise !== null && `, rise: ${each.rise}`}
            </li>
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
