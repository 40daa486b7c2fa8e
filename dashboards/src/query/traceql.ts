// TraceQL built from the names that contracts declares; no name is typed by hand.
import { type Attribute, SPANS, type SpanName } from '@oversoak/contracts';
import { RUN_VARIABLES, VARIABLE_OF, type VariableName } from './promql.ts';

type AttributeOf<S extends SpanName> = (typeof SPANS)[S]['attributes'][number];

/** An attribute of a span. */
export const attribute = <S extends SpanName>(_span: S, name: AttributeOf<S>): string =>
  `span.${name}`;

/** `| select(...)`: the attributes that a result shows in addition to times. */
export const select = <S extends SpanName>(span: S, ...names: AttributeOf<S>[]): string =>
  `select(${names.map((name) => attribute(span, name)).join(', ')})`;

/** `by (...)` of a metrics query. */
export const groupedBy = <S extends SpanName>(span: S, ...names: AttributeOf<S>[]): string =>
  `by (${names.map((name) => attribute(span, name)).join(', ')})`;

/** Spans of a name that meet all conditions, e.g. `span.oversoak.role = "server"`. */
export function spans(name: SpanName, ...conditions: string[]): string {
  return `{ ${[`name = "${name}"`, ...conditions].join(' && ')} }`;
}

/**
 * Conditions set by the dashboard's variables, for the attributes that the span has. `values`
 * replaces variables, e.g. with the label of the clicked series.
 */
export function chosen(
  span: SpanName,
  variables: readonly VariableName[] = RUN_VARIABLES,
  values: Partial<Record<VariableName, string>> = {},
): string[] {
  const borne: readonly Attribute[] = SPANS[span].attributes;
  return (Object.entries(VARIABLE_OF) as [Attribute, VariableName][])
    .filter(([name, variable]) => variables.includes(variable) && borne.includes(name))
    .map(([name, variable]) => `span.${name} =~ "${values[variable] ?? `\${${variable}:pipe}`}"`);
}
