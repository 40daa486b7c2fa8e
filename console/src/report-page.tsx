import type { SoakDifference, SoakReport } from '@oversoak/contracts';
import { utcTime } from '@oversoak/contracts/results/figure-text';
import { ComparisonResults } from './results/comparison-results.tsx';
import { SoakResults } from './results/soak-results.tsx';

/** What a report file holds. */
export type ReportContent =
  | { kind: 'soak'; report: SoakReport }
  | { kind: 'comparison'; difference: SoakDifference; writtenAtMs: number };

export function ReportPage({ content }: { content: ReportContent }) {
  const writtenAtMs = content.kind === 'soak' ? content.report.writtenAtMs : content.writtenAtMs;
  return (
    <main class="report">
      {content.kind === 'soak' ? (
        <SoakResults report={content.report} />
      ) : (
        <>
          <h1>Comparison</h1>
          <ComparisonResults difference={content.difference} />
        </>
      )}
      <footer class="note">Written by oversoak, {utcTime(writtenAtMs)} UTC.</footer>
    </main>
  );
}
