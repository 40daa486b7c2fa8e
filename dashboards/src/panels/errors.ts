import { ERROR_CLASSES } from '@oversoak/contracts';
import { by, CELL, increase, legend, ofRuns, rate } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';
import { echoesOfRange } from './rates.ts';

const ERRORS = ofRuns('oversoak.errors');
const WORDS = Object.entries(ERROR_CLASSES)
  .map(([name, meaning]) => `${name}: ${meaning}.`)
  .join(' ');

/** Errors of the chosen run over time, by class. */
export function errorsByClass(): Panel {
  return timeSeries({
    title: 'Errors',
    description: `Errors of the server, counted by the fleet and by the server, by class; any of them fails a run. A sound server shows a flat line at 0. ${WORDS}`,
    unit: PER_SECOND('errors'),
  }).withTarget(
    promQuery(
      `sum ${by('oversoak.role', 'oversoak.error.class')} (${rate(ERRORS)})`,
      legend('oversoak.role', 'oversoak.error.class'),
    ),
  );
}

/** Errors per million echoes of each cell, over the whole time range. */
export function errorsPerMillionOfRange(): string {
  return `1e6 * sum ${by(...CELL)} (${increase(ERRORS)}) / ${echoesOfRange()}`;
}
