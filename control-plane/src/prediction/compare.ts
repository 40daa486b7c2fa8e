import {
  type Cell,
  type ComparedPrediction,
  cellKey,
  isAbout,
  isAsPredicted,
  ownUnit,
  type Prediction,
  type PredictionSpec,
  parsePrediction,
  predictedText,
  predictionText,
  type RunResult,
} from '@oversoak/contracts';
import { median } from 'simple-statistics';
import { figureOf } from './figure-of.ts';

/** Parses the predictions of a stored spec, which were validated at submission. */
export function predictionsOf(given: readonly PredictionSpec[] = []): Prediction[] {
  return given.map((spec) => {
    const parsed = parsePrediction(spec);
    if ('error' in parsed) {
      throw new Error(`stored prediction "${predictionText(spec)}": ${parsed.error}`);
    }
    return parsed.prediction;
  });
}

/** Pure: compares each prediction about the cell with the figures of its repeats. */
export function comparePredictions(
  cell: Cell,
  results: readonly RunResult[],
  predictions: readonly Prediction[],
): ComparedPrediction[] {
  const key = cellKey(cell);
  return predictions
    .filter((prediction) => isAbout(prediction, cell))
    .map((prediction) => ({ key, ...compared(prediction, results) }));
}

function compared(
  prediction: Prediction,
  results: readonly RunResult[],
): Omit<ComparedPrediction, 'key'> {
  const { figure, operator, value, tolerance } = prediction;
  const predicted = { text: predictedText(prediction), operator, value, tolerance };
  const common = { figure, unit: ownUnit(figure), predicted };
  const actual = actualOf(
    results.flatMap((result) => {
      const found = figureOf(figure, result);
      return found === null ? [] : [found];
    }),
  );
  if (actual === null) return { ...common, actual, difference: null, outcome: 'no figure' };
  return {
    ...common,
    actual,
    difference: value === 0 ? null : (actual.median - value) / value,
    outcome: isAsPredicted(prediction, actual.median) ? 'as predicted' : 'not as predicted',
  };
}

function actualOf(values: readonly number[]): ComparedPrediction['actual'] {
  if (values.length === 0) return null;
  return {
    median: median([...values]),
    low: Math.min(...values),
    high: Math.max(...values),
    runs: values.length,
  };
}
