import { stringify } from 'yaml';
import { provisioned } from './alerts/alert.ts';
import { alerts } from './alerts/alerts.ts';
import { agents } from './boards/agents.ts';
import { built } from './boards/board.ts';
import { layouts } from './boards/layouts.ts';
import { live } from './boards/live.ts';
import { nightly } from './boards/nightly.ts';
import { notifiers } from './boards/notifiers.ts';

const NOTE = '# Made by "npm run dashboards" from dashboards/src/alerts/alerts.ts; do not edit.\n';

/** Every generated file: its path in the repository and its text. */
export function generatedFiles(): Map<string, string> {
  const boards = {
    notifiers: built(notifiers()),
    layouts: built(layouts()),
    live: built(live()),
    nightly: built(nightly()),
    agents: built(agents()),
  };
  const files = Object.entries(boards).map(([name, board]): [string, string] => [
    `dashboards/json/${name}.json`,
    `${JSON.stringify(board, null, 2)}\n`,
  ]);
  // The SDK's queries have methods, which only JSON leaves out.
  const rules = JSON.parse(JSON.stringify(provisioned(alerts(boards))));
  const yaml = NOTE + stringify(rules, { lineWidth: 0, aliasDuplicateObjects: false });
  return new Map([...files, ['deploy/grafana/provisioning/alerting/oversoak.yaml', yaml]]);
}
