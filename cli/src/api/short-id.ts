import { CannotRun } from '../shell/failure.ts';

/** Characters of a soak's id after `soak-`; they begin with the time. */
const ID_CHARACTERS = 26;
/** Soaks that were made a second apart differ in these. */
const SHORT_CHARACTERS = 8;

const SHORT_SOAK = /^(?:soak-)?([0-7][0-9a-z]{3,24})$/;
const SHORT_RUN = /^(?:run-)?([0-7][0-9a-z]{3,24})-(\d+)$/;

/** The ids of soaks that begin with a text, at most two. */
export type FindSoaks = (prefix: string) => Promise<readonly string[]>;

/** The soak of a whole id, or of the beginning of one, with or without `soak-`. */
export async function wholeSoakId(text: string, find: FindSoaks): Promise<string> {
  const [, short] = SHORT_SOAK.exec(text) ?? [];
  return short === undefined ? text : onlySoak(text, short, find);
}

/** The run of a whole id, or of the beginning of its soak's and its number: `01k4x9m0-3`. */
export async function wholeRunId(text: string, find: FindSoaks): Promise<string> {
  const [, short, index] = SHORT_RUN.exec(text) ?? [];
  if (short === undefined) return text;
  const soakId = await onlySoak(text, short, find);
  return `${soakId.replace('soak-', 'run-')}-${index}`;
}

/** A text that names a run rather than a soak. */
export function isRunId(text: string): boolean {
  return text.startsWith('run-') || SHORT_RUN.test(text);
}

async function onlySoak(text: string, short: string, find: FindSoaks): Promise<string> {
  const [found, another] = await find(`soak-${short}`);
  if (found === undefined) throw new CannotRun(`no soak's id begins with "${short}" ("${text}")`);
  if (another !== undefined) {
    throw new CannotRun(`"${text}" is not unique: ${found}, ${another}, ...; give more characters`);
  }
  return found;
}

/** The one id that equals a text or begins with it; otherwise the text itself. */
export function wholeIdAmong(text: string, ids: readonly string[]): string {
  if (ids.includes(text)) return text;
  const [found, another] = ids.filter((id) => id.startsWith(text));
  if (found === undefined) return text;
  if (another !== undefined) {
    throw new CannotRun(`"${text}" is not unique: ${found}, ${another}, ...; give more characters`);
  }
  return found;
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
