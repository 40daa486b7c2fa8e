import {
  type ComparedPrediction,
  type Dimension,
  decimal,
  FIGURES,
  type FigureName,
  isFigure,
  mebibytes,
  milliseconds,
  NONE,
  type PredictionOutcome,
  rate,
  wholeNumber,
  withUnit,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { fittedTable } from './fitted-table.ts';

type Text = (value: number | null) => string;

/** A mean or a median of whole numbers may have decimals. */
const whole: Text = (value) =>
  value === null || Number.isInteger(value) ? wholeNumber(value) : decimal(value);

/** How figures of each dimension are formatted. */
const WRITTEN: Record<Dimension, { unit: string; text: Text }> = {
  latency_us: { unit: 'ms', text: milliseconds },
  percent: { unit: '%', text: decimal },
  count: { unit: '', text: whole },
  ratio: { unit: '', text: decimal },
  perSecond: { unit: '/s', text: rate },
  bytes: { unit: 'MiB', text: mebibytes },
  bytesPerHour: { unit: 'MiB/h', text: mebibytes },
  countPerHour: { unit: '/h', text: decimal },
  usPerHour: { unit: 'ms/h', text: milliseconds },
};

const HEAD = [
  'cell',
  'figure',
  'predicted',
  'actual',
  'lowest to highest',
  'difference',
  'outcome',
];
const ALIGN = ['left', 'left', 'left', 'right', 'right', 'right', 'left'] as const;

/**
 * The spec's predictions beside the measured values, with the number that were confirmed; empty
 * without predictions.
 */
export function predictionLines(
  predictions: readonly ComparedPrediction[],
  columns: number,
  colors: Colors,
): string[] {
  if (predictions.length === 0) return [];
  const spread = predictions.some(({ actual }) => actual !== null && actual.runs > 1);
  const shown = <T>(row: readonly T[]) => row.filter((_, column) => spread || column !== 4);
  const table = fittedTable({
    head: shown(HEAD).map((title) => colors.bold(title)),
    align: shown(ALIGN),
    rows: predictions.map((each) => shown(row(each, colors))),
    columns,
    // Rules would be as many as the rows.
    rules: 'none',
  });
  return [title(predictions, spread, colors), ...table.split('\n')];
}

function title(predictions: readonly ComparedPrediction[], spread: boolean, colors: Colors) {
  const confirmed = predictions.filter(({ outcome }) => outcome === 'as predicted').length;
  const count = `${confirmed} of ${predictions.length} as predicted`;
  const how = spread ? '; actual: the median of the repeats' : '';
  return `${colors.bold('Predictions')} (${count}; they do not affect verdicts${how})`;
}

function row(
  { key, figure, predicted, actual, difference, outcome }: ComparedPrediction,
  colors: Colors,
) {
  const text = textOf(figure);
  const range = actual === null ? NONE : `${text(actual.low)} to ${text(actual.high)}`;
  const median = text(actual?.median ?? null);
  return [
    ...[key, figure, predicted.text, median, range, differenceText(difference)],
    outcomeText(outcome, colors),
  ];
}

function textOf(figure: string): Text {
  // A newer control plane may report figures that this command does not know.
  if (!isFigure(FIGURES, figure)) return decimal;
  const { unit, text } = WRITTEN[FIGURES[figure as FigureName].dimension];
  return (value) => (unit === '' ? text(value) : withUnit(text(value), unit));
}

/** `+3.1 %`, `−12 %`; empty when there is no difference. */
function differenceText(difference: number | null): string {
  if (difference === null) return NONE;
  const percent = difference * 100;
  if (Math.abs(percent) < 0.05) return '0 %';
  const size = Math.abs(percent);
  const places = size < 10 ? size.toFixed(1) : Math.round(size).toLocaleString('en-US');
  return `${percent < 0 ? '−' : '+'}${places} %`;
}

function outcomeText(outcome: PredictionOutcome, colors: Colors): string {
  if (outcome === 'as predicted') return colors.green(outcome);
  return outcome === 'not as predicted' ? colors.yellow(outcome) : colors.dim(outcome);
}
