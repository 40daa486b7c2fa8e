import type { SoakFilter } from '@oversoak/client';
import type { Soak, Verdict } from '@oversoak/contracts';

export const STATES = ['queued', 'running', 'done'] as const satisfies readonly Soak['state'][];
export const VERDICTS = [
  'passed',
  'failed',
  'inconclusive',
  'cancelled',
] as const satisfies readonly Verdict[];

/** What the list of soaks is narrowed to; an empty text narrows nothing. */
export interface ChosenSoaks {
  /** A part of the name, or the beginning of an id. */
  text: string;
  state: Soak['state'] | '';
  verdict: Verdict | '';
  schedule: string;
}

export const ALL_SOAKS: ChosenSoaks = { text: '', state: '', verdict: '', schedule: '' };

/** An id continues with a ULID, which begins with 0 until the year 3084. */
const BEGINNING_OF_ID = /^soak-0[0-9a-z]{0,25}$/;

/** Pure: the API's filters for what is chosen. */
export function filterOf({ text, state, verdict, schedule }: ChosenSoaks): SoakFilter {
  const wanted = text.trim();
  const isId = BEGINNING_OF_ID.test(wanted);
  return {
    ...(wanted === '' ? {} : isId ? { prefix: wanted } : { name: wanted }),
    ...(state === '' ? {} : { state }),
    ...(verdict === '' ? {} : { verdict }),
    ...(schedule === '' ? {} : { schedule }),
  };
}
