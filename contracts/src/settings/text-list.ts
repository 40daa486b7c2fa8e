// Lists as people write them, in a variable or a form: entries with commas between them.
import { LABEL_NAME_PATTERN, PATTERN_TEXTS } from '../values/name-patterns.ts';

export const entriesOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

const LABEL_NAME = new RegExp(LABEL_NAME_PATTERN);
/** What a list of labels is, for messages to people: completes "must be". */
export const LABELS_TEXT = `"name=value,name=value", each name once: ${PATTERN_TEXTS[LABEL_NAME_PATTERN]}`;

/** Name and value of each; null: no label. */
const labelsOf = (text: string) =>
  entriesOf(text).map((entry): [string, string] | null => {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at).trim();
    return at !== -1 && LABEL_NAME.test(name) ? [name, entry.slice(at + 1).trim()] : null;
  });

export function repeatedLabel(text: string): string | undefined {
  const names = labelsOf(text).map((label) => label?.[0]);
  return names.find((name, index) => names.indexOf(name) !== index);
}

/** "name=value,name=value"; null: it is not that, or has a name twice. */
export function readLabels(text: string): Record<string, string> | null {
  const labels = labelsOf(text).filter((label) => label !== null);
  const isWhole = labels.length === entriesOf(text).length && repeatedLabel(text) === undefined;
  return isWhole ? Object.fromEntries(labels) : null;
}

export const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map((label) => label.join('='))
    .join(',');
