import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { type Attribute, prometheusLabel, type SpanName } from '@oversoak/contracts';
import { TEMPO } from './sources.ts';
import { chosen, spans } from './traceql.ts';

/** Grafana fills these in when a link is clicked, so they must not be encoded. */
const PLACEHOLDER = /\$\{[^}]+\}/g;
const placeholder = (name: string) => `\${${name}}`;

function encoded(text: string): string {
  const placeholders = text.match(PLACEHOLDER) ?? [];
  const between = text.split(PLACEHOLDER).map(encodeURIComponent);
  return between.map((part, index) => `${part}${placeholders[index] ?? ''}`).join('');
}

/** Address of Explore with the spans that a TraceQL query finds, over the dashboard's time. */
export function exploreUrl(query: string): string {
  const pane = {
    datasource: TEMPO.uid,
    queries: [
      { refId: 'A', datasource: TEMPO, queryType: 'traceql', tableType: 'spans', limit: 50, query },
    ],
    range: { from: placeholder('__from'), to: placeholder('__to') },
  };
  return `/explore?schemaVersion=1&orgId=1&panes=${encoded(JSON.stringify({ traces: pane }))}`;
}

const clicked = (attribute: Attribute) =>
  placeholder(`__field.labels.${prometheusLabel(attribute)}`);

/**
 * From a point of a latency to the slow echoes of its series that took at least as long. The value
 * must be in seconds, and the series have the labels of notifier and layout.
 */
export function slowEchoesLink(): dashboard.DashboardLinkBuilder {
  const query = spans(
    'echo.slow',
    ...chosen('echo.slow', undefined, {
      notifier: clicked('oversoak.notifier'),
      layout: clicked('oversoak.layout'),
    }),
    `duration >= ${placeholder('__value.raw')}s`,
  );
  return link('Slow echoes that took at least this long', query);
}

/** To the spans of a name that the dashboard's variables choose. */
export function spansLink(title: string, name: SpanName): dashboard.DashboardLinkBuilder {
  return link(title, spans(name, ...chosen(name)));
}

function link(title: string, query: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title).url(exploreUrl(query)).targetBlank(true);
}
