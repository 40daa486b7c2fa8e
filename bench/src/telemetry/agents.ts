// A server agent and a fleet agent per mode, so that one mode's run can follow another's within a
// second.
import pidusage from 'pidusage';
import { mean } from 'simple-statistics';
import type { WineAgent, WineCluster } from '../cluster/wine-cluster.ts';
import { CLIENT_CORE, SERVER_CORE } from '../echo/server-process.ts';
import { MODES, type Mode } from './summary.ts';

/** The receiver of each mode's agents; undefined: none. */
export type Receivers = Record<Mode, string | undefined>;

const PARTS = { server: SERVER_CORE, fleet: CLIENT_CORE } as const;
type Part = keyof typeof PARTS;

/** Labels of a mode's agents. */
export const labelsOf = (mode: Mode, part: Part) => ({ telemetry: mode, part });

export function agentsOf(receivers: Receivers): WineAgent[] {
  return MODES.flatMap((mode) =>
    (Object.keys(PARTS) as Part[]).map((part) => ({
      agentId: `${mode}-${part}`,
      labels: labelsOf(mode, part),
      slots: 1,
      core: PARTS[part],
      receiver: receivers[mode],
    })),
  );
}

/** Mean CPU seconds per agent of the mode so far, without its hosts. */
export async function cpuSecondsOf({ members }: WineCluster, mode: Mode): Promise<number> {
  const pids = members.filter(({ name }) => name.startsWith(`${mode}-`)).map(({ pid }) => pid);
  const usage = Object.values(await pidusage(pids));
  return mean(usage.map(({ ctime }) => ctime / 1000));
}
