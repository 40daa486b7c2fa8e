import { generatedFiles } from '../src/files.ts';

export interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  datasource: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { refId: string; datasource: { type: string; uid: string } }[];
  fieldConfig: {
    defaults: { unit?: string };
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
  variables: { name: string; label: string; description: string; datasource: { uid: string } }[];
}

/** The generated dashboards, read as Grafana reads them. */
export function boards(): Board[] {
  return [...generatedFiles()]
    .filter(([file]) => file.endsWith('.json'))
    .map(([file, json]) => {
      const { uid, title, description, panels, templating } = JSON.parse(json);
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
      };
    });
}
