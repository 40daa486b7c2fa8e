import { CannotRun } from '../shell/failure.ts';

/** Characters of a soak's id after `soak-`; they begin with the time. */
const ID_CHARACTERS = 26;
/** Soaks that were made a second apart differ in these. */
const SHORT_CHARACTERS = 8;

const SOAK = /^(?:soak-)?([0-7][0-9a-z]{1,25})$/;
/** The product prints ids of soaks, too, so a run may be named by its soak's and its number. */
const RUN = /^(?:run-|soak-)?([0-7][0-9a-z]{1,25})-(\d+)$/;
/** The beginning of a run's id, which names none: it has no number yet. */
const RUN_WITHOUT_NUMBER = /^run-([0-7][0-9a-z]{1,25})$/;

/** Of the ids that a text stands for, as many are named. */
const MAX_NAMED = 5;
/** One more than are named says that there are more. */
export const MAX_FOUND = MAX_NAMED + 1;

/** The ids of soaks that begin with a text, at most MAX_FOUND, newest first. */
export type FindSoaks = (prefix: string) => Promise<readonly string[]>;

/** The soak of a whole id, or of the beginning of one, with or without `soak-`. */
export async function wholeSoakId(text: string, find: FindSoaks): Promise<string> {
  const [, given] = SOAK.exec(text) ?? [];
  return given === undefined ? text : onlySoak(text, given, find, (soakId) => soakId);
}

/** The run of a whole id, or of the beginning of its soak's and its number: `01k4x9m0-3`. */
export async function wholeRunId(text: string, find: FindSoaks): Promise<string> {
  const [, given, index] = RUN.exec(text) ?? [];
  if (given === undefined) return text;
  return onlySoak(text, given, find, (soakId) => `${soakId.replace('soak-', 'run-')}-${index}`);
}

/** A text that names a run rather than a soak. */
export function isRunId(text: string): boolean {
  return RUN.test(text) || (text.startsWith('run-') && !RUN_WITHOUT_NUMBER.test(text));
}

/** The soak of the beginning of a run's id, as far as that names no run; else the text itself. */
export function soakOfRuns(text: string): string {
  return text.replace(RUN_WITHOUT_NUMBER, 'soak-$1');
}

/** `idOf`: what the text stands for, by its soak. */
async function onlySoak(
  text: string,
  short: string,
  find: FindSoaks,
  idOf: (soakId: string) => string,
): Promise<string> {
  if (short.length === ID_CHARACTERS) return idOf(`soak-${short}`);
  const found = await find(`soak-${short}`);
  const none = `no soak's id begins with "${short}" ("${text}"); "oversoak soaks" lists them`;
  return only(text, found.map(idOf)) ?? cannot(none);
}

/** The one id that equals a text or begins with it; otherwise the text itself. */
export function wholeIdAmong(text: string, ids: readonly string[]): string {
  if (ids.includes(text)) return text;
  return (
    only(
      text,
      ids.filter((id) => id.startsWith(text)),
    ) ?? text
  );
}

/** undefined: none is found. */
function only(text: string, found: readonly string[]): string | undefined {
  if (found.length < 2) return found[0];
  const named = found.slice(0, MAX_NAMED);
  const more = found.length > MAX_NAMED ? ' and more' : '';
  const how = 'give more characters of the one that you mean';
  return cannot(`"${text}" is the beginning of ${named.join(', ')}${more}; ${how}`);
}

function cannot(message: string): never {
  throw new CannotRun(message);
}

/** The shortest unique prefixes of ids, for a list; each is accepted in place of the full id. */
export function shortSoakIds(ids: readonly string[]): string[] {
  const whole = 'soak-'.length + ID_CHARACTERS;
  return ids.map((id) => {
    if (id.length < whole) return id;
    for (let length = 'soak-'.length + SHORT_CHARACTERS; length < whole; length += 1) {
      const prefix = id.slice(0, length);
      if (ids.filter((other) => other.startsWith(prefix)).length === 1) return prefix;
    }
    return id;
  });
}
