/** The data sources, as deploy/grafana/provisioning/datasources provides them. */
export const PROMETHEUS = { type: 'prometheus', uid: 'oversoak-prometheus' } as const;
export const TEMPO = { type: 'tempo', uid: 'oversoak-tempo' } as const;
/** Grafana's own, for what is not queried: text and rows. */
export const GRAFANA = { type: 'datasource', uid: 'grafana' } as const;
/** Grafana's own, for the expressions of alert rules. */
export const EXPRESSION = { type: '__expr__', uid: '__expr__' } as const;
