import {
  frameSizeProblems,
  isValidPair,
  type Problem,
  pacingProblems,
  parseThreshold,
  pointerTo,
  SoakSpec,
  schemaProblems,
  VALID_PAIRS,
} from '@oversoak/contracts';
import { Value } from 'typebox/value';

/** Runs of one soak; each is stored, queued and compared. */
export const MAX_RUNS = 1000;

/** The schema itself lets other names pass: TypeBox fills no defaults into a closed record. */
const LABEL_NAMES = Object.keys(SoakSpec.properties.placement.properties.server.patternProperties);

export type ValidSpec = { spec: SoakSpec } | { problems: Problem[] };

/** A rule between fields. It is asked only when the schema has nothing against what it `reads`. */
interface Rule {
  reads: string[];
  problems(spec: SoakSpec): Problem[];
}

const RULES: Rule[] = [
  {
    reads: ['/workload/pacing', '/workload/ratePerSecond', '/workload/loopDelayMs'],
    problems: ({ workload }) => within('/workload', pacingProblems(workload)),
  },
  {
    reads: ['/workload/minFrameBytes', '/workload/maxFrameBytes'],
    problems: ({ workload }) => within('/workload', frameSizeProblems(workload)),
  },
  {
    reads: ['/placement'],
    problems: ({ placement }) =>
      Object.entries(placement).flatMap(([part, labels]) =>
        Object.keys(labels ?? {})
          .filter((name) => !LABEL_NAMES.some((pattern) => new RegExp(pattern).test(name)))
          .map((name) => ({
            pointer: pointerTo('placement', part, name),
            detail: `a label's name must match ${LABEL_NAMES.join(' or ')}`,
          })),
      ),
  },
  {
    reads: ['/thresholds'],
    problems: ({ thresholds }) =>
      thresholds.flatMap((text, index) => {
        const parsed = parseThreshold(text);
        if ('threshold' in parsed) return [];
        return [{ pointer: pointerTo('thresholds', index), detail: parsed.error }];
      }),
  },
  {
    reads: ['/matrix/notifier', '/matrix/layout'],
    problems: ({ matrix }) =>
      matrix.layout.flatMap((layout, index) => {
        const refused = matrix.notifier.filter((notifier) => !isValidPair(notifier, layout));
        if (refused.length === 0) return [];
        const valid = VALID_PAIRS.map((pair) => `${pair.notifier} × ${pair.layout}`).join(', ');
        const detail = `"${layout}" does not go with ${refused.join(', ')}; valid: ${valid}`;
        return [{ pointer: pointerTo('matrix', 'layout', index), detail }];
      }),
  },
  {
    reads: ['/matrix/sessions', '/fleet/agents'],
    problems: ({ matrix, fleet }) =>
      matrix.sessions.flatMap((sessions, index) => {
        if (sessions >= fleet.agents) return [];
        const detail = `${sessions} cannot be split over ${fleet.agents} fleet agents`;
        return [{ pointer: pointerTo('matrix', 'sessions', index), detail }];
      }),
  },
  {
    reads: ['/matrix', '/repeats'],
    problems: ({ matrix: { notifier, layout, sessions }, repeats }) => {
      const cells = notifier.length * layout.length * sessions.length;
      if (cells * repeats <= MAX_RUNS) return [];
      const runs = `${cells} cells × ${repeats} repeats = ${cells * repeats} runs`;
      return [{ pointer: '/repeats', detail: `${runs}; a soak has at most ${MAX_RUNS}` }];
    },
  },
];

function within(pointer: string, problems: Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, pointer: pointer + problem.pointer }));
}

/** Whether one of the pointers is the other or holds it. */
function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** Fills in the defaults and tells everything that is wrong, by the schema and between fields. */
export function validateSpec(submitted: unknown): ValidSpec {
  const filled: unknown = Value.Default(SoakSpec, structuredClone(submitted));
  const problems = schemaProblems(SoakSpec, filled);
  // Where a rule is asked, the fields that it reads are as the type says.
  const spec = filled as SoakSpec;
  const sound = (rule: Rule) =>
    !rule.reads.some((read) => problems.some(({ pointer }) => overlaps(pointer, read)));
  const broken = RULES.filter(sound).flatMap((rule) => rule.problems(spec));
  const all = [...problems, ...broken];
  return all.length === 0 ? { spec } : { problems: all };
}
