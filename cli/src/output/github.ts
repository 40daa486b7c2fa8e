import { appendFile } from 'node:fs/promises';
import { CannotRun, messageOf } from '../shell/failure.ts';

/** A note that GitHub shows on the page of a job. */
export interface Annotation {
  level: 'error' | 'warning';
  title: string;
  text: string;
}

const escapedText = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string) =>
  escapedText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function annotationLines(annotations: readonly Annotation[]): string[] {
  return annotations.map(
    ({ level, title, text }) => `::${level} title=${escapedProperty(title)}::${escapedText(text)}`,
  );
}

/** Steps of a job share the file; each adds to it. */
export async function appendSummary(file: string, markdown: string): Promise<void> {
  await appendFile(file, `${markdown}\n`).catch((error: unknown) => {
    throw new CannotRun(`cannot write the step summary "${file}": ${messageOf(error)}`);
  });
}
