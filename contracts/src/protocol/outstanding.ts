import type { Expected } from './program.ts';
import type { Values } from './write-message.ts';

/** A message that was sent, or a greeting that is due. */
export interface Outstanding {
  label: string;
  expect: Expected[];
  /** Messages of the answer that have come. */
  had: number;
  values: Values;
  /** When it is sent: after its delay. */
  dueUs: number;
}

export const isAnswered = ({ had, expect }: Outstanding) => had >= expect.length;

/** What comes next; of one that was answered, its answer again. */
export const expectedOf = ({ had, expect }: Outstanding) =>
  expect[Math.min(had, expect.length - 1)];
