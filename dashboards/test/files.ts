import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '@oversoak/testing/repository';
import { generatedFiles } from '../src/files.ts';

/** Path in the repository and content. */
export type Files = ReadonlyMap<string, string>;

export const TEMPO = 'deploy/tempo/tempo.yaml';
export const DATA_SOURCES = 'deploy/grafana/provisioning/datasources/oversoak.yaml';
/** What sets up an agent. */
export const INSTALLERS = ['compose.yaml', 'deploy/windows-agent/install.ps1'];

/** What is generated, and what it stands beside in the stack. */
export function stackFiles(): Files {
  const beside = [TEMPO, DATA_SOURCES, ...INSTALLERS].map((path): [string, string] => [
    path,
    readFileSync(join(REPOSITORY, path), 'utf8'),
  ]);
  return new Map([...generatedFiles(), ...beside]);
}

interface TargetJson {
  expr?: string | undefined;
  query?: string;
  limit?: number;
}

/** What faults are planted in. */
interface BoardJson {
  time: { from: string };
  links: object[];
  templating: { list: { name: string }[] };
  panels: {
    type: string;
    title?: string;
    targets?: TargetJson[];
    options?: { legend?: object; sortBy?: object };
    fieldConfig?: { defaults?: { thresholds?: object } };
  }[];
}

/** The files with one dashboard changed; throws if that changed nothing. */
export function edited(files: Files, path: string, change: (board: BoardJson) => void): Files {
  const text = files.get(path) ?? '';
  const json = JSON.parse(text) as BoardJson;
  change(json);
  const changed = `${JSON.stringify(json, null, 2)}\n`;
  if (changed === text) throw new Error(`${path} is as it was`);
  return new Map(files).set(path, changed);
}

/** A query of a panel, by the panel's title. */
export function targetOf({ panels }: BoardJson, of: string, index: number): TargetJson {
  const target = panels.find(({ title }) => title === of)?.targets?.[index];
  if (target === undefined) throw new Error(`no query ${index} in "${of}"`);
  return target;
}
