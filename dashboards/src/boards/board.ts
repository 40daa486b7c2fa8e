import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../panels/panel.ts';

/** A panel and its width in the 24 columns of the grid. */
export type Placed = [panel: Panel, width: number];

export interface Row {
  /** Without a title, no heading is shown above the row. */
  title?: string;
  /** In grid units. */
  height: number;
  panels: Placed[];
}

export interface Board {
  uid: string;
  title: string;
  /** The question that the dashboard answers. */
  description: string;
  /** Initial time range, e.g. "6h". */
  back: string;
  /** Refresh interval, e.g. "10s". */
  refresh: string;
  variables: dashboard.QueryVariableBuilder[];
  rows: Row[];
}

const COLUMNS = 24;
const TAG = 'oversoak';

/** Lays out a dashboard and numbers its panels and queries in order. */
export function built({ rows, variables, ...board }: Board): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags([TAG])
    .time({ from: `now-${board.back}`, to: 'now' })
    .refresh(board.refresh)
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .variables(variables)
    .link(otherBoards());
  for (const row of rows) place(builder, row);
  const made = builder.build();
  // The SDK sets a placement in which Grafana hides the links in a menu.
  for (const link of made.links ?? []) delete link.placement;
  for (const [index, panel] of (made.panels ?? []).entries()) {
    panel.id = index + 1;
    if ('targets' in panel) numberQueries(panel);
  }
  return made;
}

function place(builder: dashboard.DashboardBuilder, { title, height, panels }: Row): void {
  const width = panels.reduce((sum, [, columns]) => sum + columns, 0);
  if (width % COLUMNS !== 0) throw new Error(`row "${title}" is ${width} columns wide`);
  if (title !== undefined) builder.withRow(new dashboard.RowBuilder(title));
  for (const [panel, columns] of panels) {
    const made = panel.build();
    made.gridPos = { x: 0, y: 0, w: columns, h: height };
    builder.withPanel({ build: () => made });
  }
}

/** Queries that already have a name are referenced elsewhere and keep it. */
function numberQueries(panel: dashboard.Panel): void {
  for (const [index, target] of (panel.targets ?? []).entries()) {
    const query = target as { refId?: string };
    query.refId ??= String.fromCharCode('A'.charCodeAt(0) + index);
  }
}

function otherBoards(): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('Dashboards of oversoak')
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}
