import { ERROR_CLASSES } from '@oversoak/contracts';
import { by, CELL, legend, ofRuns, on, perSecond } from '../query/promql.ts';
import { type Panel, PER_SECOND, promQuery, timeSeries } from './panel.ts';
import { echoesPerSecond } from './rates.ts';

const ERRORS = ofRuns('oversoak.errors');
const WORDS = Object.entries(ERROR_CLASSES)
  .map(([name, meaning]) => `${name}: ${meaning}.`)
  .join(' ');

/** Errors of the chosen run over time, by class. */
export function errorsByClass(): Panel {
  return timeSeries({
    title: 'Errors',
    description: `Errors of the server in the whole run, counted by the fleet and by the server, by class; any of them fails a run. A sound server shows a flat line at 0. ${WORDS}`,
    unit: PER_SECOND('errors'),
  }).withTarget(
    promQuery(
      perSecond(ERRORS, {
        ...{ runs: ['oversoak.role'], each: ['oversoak.error.class'] },
        time: 'oversoak.run.time',
      }),
      legend('oversoak.role', 'oversoak.error.class'),
    ),
  );
}

/** Errors per million echoes of each cell, over the whole time range. */
export function errorsPerMillionOfRange(): string {
  const ofRoles = perSecond(ERRORS, { runs: [...CELL, 'oversoak.role'], window: '$__range' });
  return `1e6 * sum ${by(...CELL)} (${ofRoles}) / ${on(...CELL)} (${echoesPerSecond('$__range')})`;
}
