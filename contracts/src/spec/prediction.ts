import { FIGURES, type FigureName, isFigure, readQuantity } from '../figures/figure.ts';
import type { Cell } from '../options/matrix.ts';
import { validNames } from '../values/valid-names.ts';
import type { PredictionSpec } from './soak-spec.ts';

/** Default tolerance of `=` in percent of the value. */
export const DEFAULT_TOLERANCE_PERCENT = 5;

export const PREDICTION_OPERATORS = ['=', '==', '<', '<=', '>', '>='] as const;
export type PredictionOperator = (typeof PREDICTION_OPERATORS)[number];

export const PREDICTION_OUTCOMES = ['as predicted', 'not as predicted', 'no figure'] as const;
export type PredictionOutcome = (typeof PREDICTION_OUTCOMES)[number];

/** An expected value of a figure. Unlike a threshold it never changes a verdict. */
export interface Prediction {
  /** As the user wrote it. */
  text: string;
  figure: FigureName;
  operator: PredictionOperator;
  /** In the figure's own unit. */
  value: number;
  /** Maximum deviation with `=`, in the same unit; otherwise 0. */
  tolerance: number;
  /** The cells that it applies to: those that match all fields here. */
  of: Partial<Pick<Cell, 'notifier' | 'layout' | 'sessions'>>;
}

export type ParsedPrediction = { prediction: Prediction } | { error: string };

const SHAPE =
  /^\s*([A-Za-z0-9.+-]+)\s*(<=|>=|==|=|<|>)\s*(\d+(?:\.\d+)?)\s*([A-Za-z%/]*)(?:\s*(?:±|\+-)\s*(\d+(?:\.\d+)?)\s*([A-Za-z%/]*))?\s*$/;

const EXAMPLES = '"server.wakesPerEcho = 2 ± 20%" or "echo.latency.p99 < 5ms"';

/**
 * Parses `figure operator number unit [± number unit|%]`. `%` after `±` (or `+-`) is a percentage
 * of the predicted value.
 */
export function parsePrediction(given: PredictionSpec): ParsedPrediction {
  const text = predictionText(given).trim();
  const match = SHAPE.exec(text);
  if (match === null) {
    return { error: `expected "figure operator number unit [± tolerance]" like ${EXAMPLES}` };
  }
  const [, figure = '', sign = '', number = '', unit = '', around, aroundUnit = ''] = match;
  if (!isFigure(FIGURES, figure)) {
    return { error: `unknown figure "${figure}"; ${validNames(figure, Object.keys(FIGURES))}` };
  }
  const operator = sign as PredictionOperator;
  const quantity = readQuantity(figure, number, unit);
  if ('error' in quantity) return quantity;
  const { value } = quantity;
  if (around !== undefined && operator !== '=') {
    return { error: `"±" goes with "=", not with "${operator}"` };
  }
  const tolerance = toleranceOf(figure, operator, value, around, aroundUnit);
  if ('error' in tolerance) return tolerance;
  const of = typeof given === 'string' ? {} : cellOf(given);
  return { prediction: { text, figure, operator, value, tolerance: tolerance.value, of } };
}

function toleranceOf(
  figure: FigureName,
  operator: PredictionOperator,
  value: number,
  around: string | undefined,
  unit: string,
) {
  if (operator !== '=') return { value: 0 };
  if (around === undefined) return { value: (value * DEFAULT_TOLERANCE_PERCENT) / 100 };
  if (unit === '%') return { value: (value * Number(around)) / 100 };
  return readQuantity(figure, around, unit);
}

type Of = Exclude<PredictionSpec, string>;

function cellOf({ notifier, layout, sessions }: Of): Prediction['of'] {
  return {
    ...(notifier === undefined ? {} : { notifier }),
    ...(layout === undefined ? {} : { layout }),
    ...(sessions === undefined ? {} : { sessions }),
  };
}

/**
 * The text of a spec's prediction, which is a string or an object with the cells that it applies
 * to.
 */
export function predictionText(prediction: PredictionSpec): string {
  return typeof prediction === 'string' ? prediction : prediction.predict;
}

/** `= 2 ± 20%`, `< 5ms`: the text after the figure, with the default tolerance of `=`. */
export function predictedText({ text, figure, operator }: Prediction): string {
  const behind = text.slice(figure.length).trim();
  if (operator !== '=' || /±|\+-/.test(behind)) return behind.replace('+-', '±');
  return `${behind} ± ${DEFAULT_TOLERANCE_PERCENT}%`;
}

/** Whether a prediction applies to a cell. */
export function isAbout({ of }: Pick<Prediction, 'of'>, cell: Cell): boolean {
  return (Object.keys(of) as (keyof Prediction['of'])[]).every((name) => of[name] === cell[name]);
}

/** Ignores rounding errors: tolerances are computed, and figures are quotients. */
const HAIR = 1e-9;

/** `actual` is in the figure's own unit. */
export function isAsPredicted(
  { operator, value, tolerance }: Pick<Prediction, 'operator' | 'value' | 'tolerance'>,
  actual: number,
): boolean {
  switch (operator) {
    case '=':
    case '==':
      return Math.abs(actual - value) <= tolerance + HAIR * Math.abs(value);
    case '<':
      return actual < value;
    case '<=':
      return actual <= value;
    case '>':
      return actual > value;
    case '>=':
      return actual >= value;
  }
}
