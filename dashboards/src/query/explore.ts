import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { type Attribute, prometheusLabel, type SpanName } from '@oversoak/contracts';
import { TEMPO } from './sources.ts';
import { chosen, spans } from './traceql.ts';

/** Grafana substitutes these when a link is clicked, so they must not be URL-encoded. */
const PLACEHOLDER = /\$\{[^}]+\}/g;
const placeholder = (name: string) => `\${${name}}`;

function encoded(text: string): string {
  const placeholders = text.match(PLACEHOLDER) ?? [];
  const between = text.split(PLACEHOLDER).map(encodeURIComponent);
  return between.map((part, index) => `${part}${placeholders[index] ?? ''}`).join('');
}

/** URL of Explore with the spans that match a TraceQL query, over the dashboard's time range. */
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
 * Link from a point of a latency panel to the slow echoes of its series that took at least as long.
 * The value must be in seconds, and the series must have the notifier and layout labels.
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

/** Link to the spans of a name that the dashboard's variables select. */
export function spansLink(title: string, name: SpanName): dashboard.DashboardLinkBuilder {
  return link(title, spans(name, ...chosen(name)));
}

function link(title: string, query: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title).url(exploreUrl(query)).targetBlank(true);
}
