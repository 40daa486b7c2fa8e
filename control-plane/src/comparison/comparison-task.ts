import { type ReportContent, reportHtml } from '@oversoak/console';
import type { Comparison, SoakDifference, SoakReport } from '@oversoak/contracts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord } from '../store/soaks.ts';
import { compareStored } from './compare-stored.ts';
import { compareTwo, type DifferenceStores } from './compare-two.ts';
import type { Unresolved } from './resolve-selector.ts';
import { soakReport } from './soak-report.ts';

/** What takes too long for the thread that answers requests. */
export type ComparisonTask =
  | { kind: 'two'; left: string; right: string }
  | { kind: 'soak'; soak: SoakRecord }
  | { kind: 'report'; soak: SoakRecord }
  | { kind: 'html'; content: ReportContent };

/** By the kind of its task. */
export interface ComparisonAnswers {
  two: SoakDifference | Unresolved;
  soak: Comparison;
  report: Pick<SoakReport, 'comparison' | 'cells' | 'runs'>;
  html: string;
}

export type ComparisonStores = DifferenceStores & { runs: Pick<Runs, 'getAll' | 'result'> };

export async function perform(
  task: ComparisonTask,
  stores: ComparisonStores,
): Promise<ComparisonAnswers[ComparisonTask['kind']]> {
  switch (task.kind) {
    case 'two':
      return await compareTwo(task, stores);
    case 'soak':
      return await compareStored(task.soak, stores.runs);
    case 'report':
      return await soakReport(task.soak, stores.runs);
    case 'html':
      return await reportHtml(task.content);
  }
}
