/** The data sources, as provisioned by deploy/grafana/provisioning/datasources. */
export const PROMETHEUS = { type: 'prometheus', uid: 'oversoak-prometheus' } as const;
export const TEMPO = { type: 'tempo', uid: 'oversoak-tempo' } as const;
/** Grafana's built-in source for panels without a query: text and rows. */
export const GRAFANA = { type: 'datasource', uid: 'grafana' } as const;
/** Grafana's built-in source for expressions of alert rules. */
export const EXPRESSION = { type: '__expr__', uid: '__expr__' } as const;
