import {
  type FigureName,
  type ForeseenFigure,
  isFigure,
  JUDGED_FIGURES,
  mergeStages,
  type RunResult,
  type Stage,
} from '@oversoak/contracts';
import { measuredOf, stagesOf } from '../judge/figures.ts';
import { METRICS } from '../judge/metrics.ts';
import { ratio, sum } from '../judge/pooled.ts';
import { SERVER_FORMULAS } from './server-formulas.ts';

/**
 * Pure: one figure of one run, in the figure's own unit, as contracts' `FIGURES` defines it. null:
 * the run, its platform or its protocol has none, or too little was measured.
 */
export function figureOf(figure: FigureName, result: RunResult): number | null {
  if (isFigure(JUDGED_FIGURES, figure)) return METRICS[figure].figureOf(result);
  if (isServerFigure(figure)) {
    return result.server === null ? null : SERVER_FORMULAS[figure](result.server);
  }
  return echoFigure(figure, result);
}

type ServerFigure = keyof typeof SERVER_FORMULAS;
const isServerFigure = (figure: ForeseenFigure): figure is ServerFigure =>
  Object.hasOwn(SERVER_FORMULAS, figure);

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
