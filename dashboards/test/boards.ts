import { generatedFiles } from '../src/files.ts';

export interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  datasource: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets: {
    refId: string;
    datasource: { type: string; uid: string };
    queryType?: string;
    metricsQueryType?: string;
    limit?: number;
    expr?: string;
    legendFormat?: string;
  }[];
  options?: { legend?: { showLegend: boolean }; sortBy?: { displayName: string; desc: boolean }[] };
  fieldConfig: {
    defaults: { unit?: string; thresholds?: { steps: { value: number | null; color: string }[] } };
    overrides: { properties: { id: string; value: unknown }[] }[];
  };
}
export interface Row {
  id: number;
  type: 'row';
  gridPos: Panel['gridPos'];
}
export interface Board {
  file: string;
  json: string;
  uid: string;
  title: string;
  description: string;
  panels: Panel[];
  rows: Row[];
  links: { placement?: string; asDropdown: boolean }[];
  /** Initial time range, as `now-6h`. */
  from: string;
  variables: {
    name: string;
    label: string;
    description: string;
    datasource: { uid: string };
    multi: boolean;
    includeAll: boolean;
  }[];
}

/** The generated dashboards, read as Grafana reads them. */
export const boards = (): Board[] => boardsOf(generatedFiles());

/** The dashboards among some files. */
export function boardsOf(files: ReadonlyMap<string, string>): Board[] {
  return [...files]
    .filter(([file]) => file.endsWith('.json'))
    .map(([file, json]) => {
      const { uid, title, description, panels, templating, links, time } = JSON.parse(json);
      const isRow = ({ type }: Row | Panel) => type === 'row';
      return {
        file,
        json,
        uid,
        title,
        description,
        panels: panels.filter((panel: Panel) => !isRow(panel)),
        rows: panels.filter(isRow),
        variables: templating.list,
        links,
        from: time.from,
      };
    });
}
