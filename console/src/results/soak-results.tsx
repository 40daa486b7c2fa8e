import type { SoakReport } from '@oversoak/contracts';
import { utcTime } from '@oversoak/contracts/results/figure-text';
import type { ComponentChildren } from 'preact';
import { Notes, Section } from '../parts/section.tsx';
import { platformClass, VerdictBadge } from '../parts/verdict.tsx';
import { CellsSection } from './cells-section.tsx';
import { Differences } from './differences.tsx';
import { ErrorsSection } from './errors-section.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { LayoutsSection } from './layouts-section.tsx';
import { PercentileSection } from './percentile-section.tsx';
import { PredictionsSection } from './predictions-section.tsx';
import { RankingSection } from './ranking-section.tsx';
import { RunsSection } from './runs-section.tsx';
import { StagesSection } from './stages-section.tsx';
import { ZonesSection } from './zones-section.tsx';

interface SoakResultsProps {
  report: SoakReport;
  /** What can be done with it; nothing in a file. */
  actions?: ComponentChildren;
}

/** A soak that is done, in the console and in the report alike. */
export function SoakResults({ report, actions }: SoakResultsProps) {
  const { soak, comparison, cells, runs } = report;
  const { against } = comparison;
  return (
    <>
      <header class="title">
        <h1>
          {soak.name} <VerdictBadge verdict={comparison.verdict} state={soak.state} />
        </h1>
        <p class="note">
          {soak.soakId}, submitted {utcTime(soak.createdAtMs)} UTC; {soak.runs.length} runs
          {!comparison.complete && ', not all done'}
        </p>
        {soak.spec.description !== undefined && <p>{soak.spec.description}</p>}
        {comparison.platform.map((label) => (
          <p key={label} class={platformClass(label)}>
            {label}
          </p>
        ))}
        {actions}
      </header>
      <Notes notes={comparison.notes} />
      <RankingSection rankings={comparison.rankings} />
      <CellsSection cells={comparison.cells} />
      <PercentileSection cells={cells} compared={comparison.cells} />
      <StagesSection cells={comparison.cells} reported={cells} />
      <LayoutsSection cells={comparison.cells} />
      <ZonesSection cells={comparison.cells} />
      {against !== null && (
        <Section title={`Compared with the baseline "${against.baseline}"`}>
          <Differences cells={against.cells} />
        </Section>
      )}
      <PredictionsSection predictions={comparison.predictions} />
      <EvidenceSection report={report} />
      <ErrorsSection report={report} />
      <RunsSection runs={runs} />
    </>
  );
}
