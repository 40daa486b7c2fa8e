import * as alerting from '@grafana/grafana-foundation-sdk/alerting';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as expr from '@grafana/grafana-foundation-sdk/expr';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { type Attribute, prometheusLabel } from '@oversoak/contracts';
import { EXPRESSION, PROMETHEUS } from '../query/sources.ts';

export interface Alert {
  uid: string;
  title: string;
  /** Query that returns a value per watched object; above 0 fires. */
  expr: string;
  /** How long the condition must hold, e.g. "5m". */
  lasts: string;
  summary: string;
  /** What the operator should do. */
  description: string;
  severity: 'warning' | 'critical';
  /** The panel that shows the problem. */
  shownBy: { board: Dashboard; panel: string };
}

const QUERY = 'A';
const CONDITION = 'B';
const LOOK_BACK_SECONDS = 600;
const FOLDER = 'oversoak';
const GROUP = 'oversoak';
const EVERY = '1m';

/** In an alert's texts: the label value of the series that fired. */
export const labelled = (attribute: Attribute): string =>
  `{{ $labels.${prometheusLabel(attribute)} }}`;

function builtRule(alert: Alert): alerting.Rule {
  const { board, panel } = alert.shownBy;
  const shown = board.panels?.find(({ title }) => title === panel);
  if (shown?.id === undefined) throw new Error(`${board.title} has no panel "${panel}"`);
  const query = new prometheus.DataqueryBuilder()
    .refId(QUERY)
    .datasource(PROMETHEUS)
    .editorMode(prometheus.QueryEditorMode.Code)
    .expr(alert.expr)
    .instant();
  const aboveZero = new expr.TypeThresholdBuilder()
    .refId(CONDITION)
    .datasource(EXPRESSION)
    .expression(QUERY)
    .conditions([{ evaluator: { type: 'gt', params: [0] } }]);
  return (
    new alerting.RuleBuilder(alert.title)
      .uid(alert.uid)
      .condition(CONDITION)
      .withQuery(
        new alerting.QueryBuilder(QUERY)
          .datasourceUid(PROMETHEUS.uid)
          .relativeTimeRange({ from: LOOK_BACK_SECONDS, to: 0 })
          .model(query),
      )
      .withQuery(
        new alerting.QueryBuilder(CONDITION).datasourceUid(EXPRESSION.uid).model(aboveZero),
      )
      .forDuration(alert.lasts)
      // No data means no problem. This alert cannot detect a control plane that is down.
      .noDataState('OK')
      .execErrState('Error')
      .labels({ severity: alert.severity })
      .annotations({
        summary: alert.summary,
        description: alert.description,
        __dashboardUid__: board.uid ?? '',
        __panelId__: String(shown.id),
      })
      .build()
  );
}

/**
 * A file for Grafana's alert provisioning: the group carries settings that the API's rules carry
 * individually.
 */
export function provisioned(alerts: readonly Alert[]) {
  const rules = alerts.map(builtRule).map((rule) => {
    const { orgID: _org, folderUID: _folder, ruleGroup: _group, ...rest } = rule;
    return rest;
  });
  return {
    apiVersion: 1,
    groups: [{ orgId: 1, name: GROUP, folder: FOLDER, interval: EVERY, rules }],
  };
}
