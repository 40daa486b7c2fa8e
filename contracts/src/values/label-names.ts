import { LABEL_NAME_PATTERN, PATTERN_TEXTS } from './name-patterns.ts';
import { type Problem, pointerTo } from './validation.ts';

const LABEL_NAME = new RegExp(LABEL_NAME_PATTERN);

/**
 * What is wrong with the names of labels. No schema says it, because TypeBox fills no defaults into
 * a closed record.
 */
export function labelNameProblems(labels: Readonly<Record<string, string>>): Problem[] {
  return Object.keys(labels)
    .filter((name) => !LABEL_NAME.test(name))
    .map((name) => ({
      pointer: pointerTo(name),
      detail: `the name of a label must be ${PATTERN_TEXTS[LABEL_NAME_PATTERN]}`,
    }));
}
