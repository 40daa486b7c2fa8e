import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../panels/panel.ts';

/** A panel and how many of the 24 columns of the grid it takes. */
export type Placed = [panel: Panel, width: number];

export interface Row {
  /** Without one there is no line above it. */
  title?: string;
  /** In steps of the grid. */
  height: number;
  panels: Placed[];
}

export interface Board {
  uid: string;
  title: string;
  /** Which question it answers. */
  description: string;
  /** How far back it looks at first, e.g. "6h". */
  back: string;
  /** How often it asks again, e.g. "10s". */
  refresh: string;
  variables: dashboard.QueryVariableBuilder[];
  rows: Row[];
}

const COLUMNS = 24;
const TAG = 'oversoak';

/** Lays a dashboard out, and numbers its panels and their queries in order. */
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

/** Those that name theirs refer to it elsewhere. */
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
