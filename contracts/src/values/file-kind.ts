import type { Problem } from './validation.ts';

/** A kind of file, and the command that takes it: completes "this is". */
export interface ToldKind {
  is: string;
  taken: string;
}

/** What the commands write, which has fields of the kinds below in it. */
const RESULT = {
  is: 'a result that an option such as --json wrote',
  taken: 'no command takes it; "oversoak export SOAK" writes what "oversoak import FILE" takes',
  marks: ['soakId', 'rankings', 'left', 'fleets'],
};

/** What a person may write in a file, and which command takes it: completes "this is". */
const KINDS = {
  soak: {
    is: 'a soak',
    taken: '"oversoak submit FILE" takes it; a schedule has it in its "spec"',
    marks: ['matrix', 'workload', 'phases'],
  },
  schedule: {
    is: 'a schedule',
    taken: '"oversoak schedules put NAME FILE" takes it; its "spec" is a soak',
    marks: ['cron', 'spec'],
  },
  protocol: {
    is: 'the description of a protocol',
    taken:
      '"oversoak protocol check FILE" takes it; a soak has it in "target.protocol", as "framed"',
    marks: ['framing', 'requests'],
  },
} as const;
export type FileKind = keyof typeof KINDS;

/** What a mapping is, where it can be told. */
export function toldKind(given: object): ToldKind | undefined {
  if (RESULT.marks.some((mark) => Object.hasOwn(given, mark))) return RESULT;
  const kind = kindOf(given);
  return kind && KINDS[kind];
}

/** By the properties that only one kind has; undefined where there are none, or of two kinds. */
function kindOf(given: object): FileKind | undefined {
  const kinds = (Object.keys(KINDS) as FileKind[]).filter((kind) =>
    KINDS[kind].marks.some((mark) => Object.hasOwn(given, mark)),
  );
  return kinds.length === 1 ? kinds[0] : undefined;
}

/** A file of another kind, told in one line instead of as so many unknown properties. */
export function wrongKind(given: unknown, wanted: FileKind): Problem[] {
  if (typeof given !== 'object' || given === null) return [];
  const told = toldKind(given);
  if (told === undefined || told === KINDS[wanted]) return [];
  const { is, taken } = told;
  return [{ pointer: '', detail: `this is ${is}, not ${KINDS[wanted].is}: ${taken}` }];
}
