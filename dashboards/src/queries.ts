// All queries in the generated files, with the variables that Grafana substitutes.
import { parse } from 'yaml';
import { generatedFiles } from './files.ts';
import { PROMETHEUS, TEMPO } from './query/sources.ts';

export interface Query {
  /** The file and the panel, variable or alert. */
  where: string;
  language: 'promql' | 'traceql';
  /** Contains Grafana's variables. */
  text: string;
  /** Evaluated at one moment rather than over the time range. */
  instant: boolean;
}

interface Target {
  datasource?: { uid?: string };
  expr?: string;
  query?: string;
  instant?: boolean;
}
interface Link {
  title: string;
  url?: string;
}
interface PanelJson {
  title?: string;
  targets?: Target[];
  fieldConfig?: { defaults?: { links?: Link[] } };
}
export interface DashboardJson {
  uid: string;
  title: string;
  panels: PanelJson[];
  templating: { list: { name: string; query: { query: string } }[] };
}
interface RulesJson {
  groups: { rules: { title: string; data: { model: Target }[] }[] }[];
}

function ofTarget(where: string, { datasource, expr, query, instant }: Target): Query[] {
  if (datasource?.uid === PROMETHEUS.uid && expr !== undefined) {
    return [{ where, language: 'promql', text: expr, instant: instant === true }];
  }
  if (datasource?.uid === TEMPO.uid && query !== undefined) {
    return [{ where, language: 'traceql', text: query, instant: false }];
  }
  return [];
}

/** The Explore query of a link. */
function ofLink(where: string, { title, url = '' }: Link): Query[] {
  const panes = url.match(/[?&]panes=(.*)$/)?.[1];
  if (panes === undefined) return [];
  const { traces } = JSON.parse(decodeURIComponent(panes)) as { traces: { queries: Target[] } };
  return traces.queries.flatMap((query) => ofTarget(`${where} → ${title}`, query));
}

function ofDashboard(file: string, { panels, templating }: DashboardJson): Query[] {
  const ofPanels = panels.flatMap(({ title, targets = [], fieldConfig }) => {
    const where = `${file}: ${title}`;
    const links = fieldConfig?.defaults?.links ?? [];
    return [
      ...targets.flatMap((target) => ofTarget(where, target)),
      ...links.flatMap((link) => ofLink(where, link)),
    ];
  });
  const ofVariables = templating.list.map(({ name, query }): Query => {
    // Grafana's label_values function: the values of a label in the series of a selector.
    const selector = query.query.match(/^label_values\((.*), (\w+)\)$/s);
    const [, text = '', label] = selector ?? [];
    if (selector === null) throw new Error(`${file}: variable ${name}: ${query.query}`);
    return {
      where: `${file}: variable ${name}`,
      language: 'promql',
      text: `count by (${label}) (${text})`,
      instant: true,
    };
  });
  return [...ofPanels, ...ofVariables];
}

/** The queries of all panels, links, variables and alerts. */
export function queries(files: ReadonlyMap<string, string> = generatedFiles()): Query[] {
  return [...files].flatMap(([file, text]) => {
    if (file.endsWith('.json')) return ofDashboard(file, JSON.parse(text));
    const { groups } = parse(text) as RulesJson;
    return groups
      .flatMap(({ rules }) => rules)
      .flatMap(({ title, data }) =>
        data.flatMap(({ model }) => ofTarget(`${file}: ${title}`, model)),
      );
  });
}

/** A query with its variables replaced by values: `$name`, `${name}` and `${name:format}`. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\{([\w.]+)(?::\w+)?\}|([a-z_]\w*))/g, (whole, braced, plain) => {
    const value = values[braced ?? plain];
    if (value === undefined) throw new Error(`no value for ${whole} in: ${text}`);
    return value;
  });
}
