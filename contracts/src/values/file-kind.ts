import type { Problem } from './validation.ts';

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
  const kind = kindOf(given);
  if (kind === undefined || kind === wanted) return [];
  const { is, taken } = KINDS[kind];
  return [{ pointer: '', detail: `this is ${is}, not ${KINDS[wanted].is}: ${taken}` }];
}
