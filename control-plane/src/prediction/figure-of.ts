import {
  type FigureName,
  type ForeseenFigure,
  isFigure,
  JUDGED_FIGURES,
  type JudgedFigure,
  mergeStages,
  type RunResult,
  type Stage,
} from '@oversoak/contracts';
import { driftsOf } from '../judge/drift.ts';
import { errorsOf, measuredLatency, measuredOf, stagesOf } from '../judge/figures.ts';
import { errorCount } from '../judge/finding.ts';
import { MIN_ECHOES, PERCENTILES, percentileUs } from '../judge/latency.ts';
import { achievedPercent, MIN_MESSAGES, wantedOf } from '../judge/load.ts';
import { ratio, sum } from '../judge/pooled.ts';
import { SERVER_FORMULAS } from './server-formulas.ts';

/**
 * Pure: one figure of one run, in the figure's own unit, as contracts' `FIGURES` defines it. null:
 * the run, its platform or its protocol has none, or too little was measured.
 */
export function figureOf(figure: FigureName, result: RunResult): number | null {
  if (isFigure(JUDGED_FIGURES, figure)) return judgedFigure(figure, result);
  if (isServerFigure(figure)) {
    return result.server === null ? null : SERVER_FORMULAS[figure](result.server);
  }
  return echoFigure(figure, result);
}

type ServerFigure = keyof typeof SERVER_FORMULAS;
const isServerFigure = (figure: ForeseenFigure): figure is ServerFigure =>
  Object.hasOwn(SERVER_FORMULAS, figure);

/** Figures that thresholds judge too, by the same formulas. */
function judgedFigure(figure: JudgedFigure, result: RunResult): number | null {
  if (figure.startsWith('errors.')) return errorCount(figure, errorsOf(result));
  if (figure === 'achieved.rate') {
    const measured = measuredOf(result);
    return wantedOf(measured) < MIN_MESSAGES ? null : achievedPercent(measured);
  }
  if (figure.startsWith('drift.')) {
    const drift = driftsOf(result).find(({ metric }) => `drift.${metric}` === figure);
    return drift?.slope ?? null;
  }
  const percent = PERCENTILES[figure];
  if (percent === undefined) throw new Error(`no formula for the figure "${figure}"`);
  const latency = measuredLatency(result, 'intended');
  const least = MIN_ECHOES[figure as keyof typeof MIN_ECHOES];
  return latency.totalCount < least ? null : percentileUs(latency, percent);
}

const STAGE = 'echo.stage.';

function echoFigure(figure: Exclude<ForeseenFigure, ServerFigure>, result: RunResult) {
  if (figure === 'echo.rate') {
    const { echoed, seconds } = measuredOf(result);
    return ratio(echoed, seconds);
  }
  const stage = figure.slice(STAGE.length) as Stage;
  const table = mergeStages(Object.values(result.fleets).map(stagesOf));
  const meanNs = ratio(sum(table.map((row) => row[stage])), sum(table.map(({ count }) => count)));
  return meanNs === null ? null : meanNs / 1000;
}
