// TraceQL out of the names that contracts declares; none is typed by hand.
import { type Attribute, SPANS, type SpanName } from '@oversoak/contracts';
import { RUN_VARIABLES, VARIABLE_OF, type VariableName } from './promql.ts';

type AttributeOf<S extends SpanName> = (typeof SPANS)[S]['attributes'][number];

/** An attribute of a span. */
export const attribute = <S extends SpanName>(_span: S, name: AttributeOf<S>): string =>
  `span.${name}`;

/** `| select(...)`: what a result shows of its spans beside their times. */
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
 * Conditions that the dashboard's variables set, by what the span bears. `values` puts something
 * else in the place of a variable, e.g. the label of the series that was clicked.
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
