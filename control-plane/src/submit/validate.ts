import { type Problem, SoakSpec, schemaProblems } from '@oversoak/contracts';
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

/** Fills in the defaults and reports every problem of the schema and of the rules. */
export function validateSpec(submitted: unknown): ValidSpec {
  const filled: unknown = Value.Default(SoakSpec, structuredClone(submitted));
  const problems = schemaProblems(SoakSpec, filled);
  // A rule runs only if the fields that it reads match the schema.
  const spec = filled as SoakSpec;
  const sound = (rule: Rule) =>
    !rule.reads.some((read) => problems.some(({ pointer }) => overlaps(pointer, read)));
  const broken = RULES.filter(sound).flatMap((rule) => rule.problems(spec));
  const all = [...problems, ...broken];
  return all.length === 0 ? { spec: withLayout(spec) } : { problems: all };
}
