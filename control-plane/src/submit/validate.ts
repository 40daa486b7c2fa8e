import {
  type Problem,
  SoakSpec,
  schemaProblems,
  searchedPart,
  withProtocolProblems,
  wrongKind,
} from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { layoutsOf } from './expand.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';

export type ValidSpec = { spec: SoakSpec } | { problems: Problem[] };

/** Whether one of the pointers equals or contains the other. */
function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** Fills in a default that the schema cannot express, because a target has none. */
function withLayout(spec: SoakSpec): SoakSpec {
  if (spec.target !== undefined) return spec;
  return { ...spec, matrix: { ...spec.matrix, layout: layoutsOf(spec) } };
}

/** Looks at each object once. `around`: those that contain the value; `done`: those without it. */
function containsItself(
  value: unknown,
  around = new Set<unknown>(),
  done = new Set<unknown>(),
): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (around.has(value)) return true;
  around.add(value);
  if (Object.values(value).some((each) => containsItself(each, around, done))) return true;
  around.delete(value);
  done.add(value);
  return false;
}

/** Fills in the defaults and reports every problem of the schema and of the rules. */
export function validateSpec(submitted: unknown): ValidSpec {
  const given: unknown = structuredClone(submitted);
  // No text is such a value, and the defaults of a union are filled into a copy without an end.
  if (containsItself(given)) return { problems: [{ pointer: '', detail: 'contains itself' }] };
  const other = wrongKind(given, 'soak');
  if (other.length > 0) return { problems: other };
  const filled: unknown = Value.Default(SoakSpec, searchedPart(given));
  // A rule runs only if the fields that it reads match the schema.
  const spec = filled as SoakSpec;
  const problems = withProtocolProblems(
    schemaProblems(SoakSpec, filled),
    '/target/protocol',
    spec?.target?.protocol,
  );
  const sound = (rule: Rule) =>
    !rule.reads.some((read) => problems.some(({ pointer }) => overlaps(pointer, read)));
  const broken = RULES.filter(sound).flatMap((rule) => rule.problems(spec));
  const all = [...problems, ...broken];
  return all.length === 0 ? { spec: withLayout(spec) } : { problems: all };
}
