// What makes a Windows service of an agent, as commands: decided here, run in windows-service.ts.
// Shawl (https://github.com/mtkennerly/shawl) is the service; it starts the agent, restarts it, sends
// it Ctrl-C when the service stops, and rotates its log.
import { win32 } from 'node:path';
import { CannotRun } from '../shell/failure.ts';

export interface Step {
  program: string;
  args: string[];
  /** A failure of this step is ignored: what it removes may not exist. */
  optional?: true;
}

export interface ServiceOptions {
  /** Name of the service and of its virtual account. */
  name: string;
  shawl: string;
  node: string;
  /** The script of the command `oversoak`. */
  script: string;
  /** The folder of the package, which the service's account must be able to read. */
  package: string;
  /** For the settings, which have secrets, the spool and the log. */
  data: string;
  /** The agent's settings in `data`, if it has any. */
  settings: string | undefined;
  /** What it joined with, in `data`; undefined: it has the password of Redis in its settings. */
  identity: string | undefined;
}

/** An agent's own bounds for a stop are below 5 s; a busy machine takes longer. */
const STOP_MS = 20_000;
const RESTART_MS = 5_000;
const LOG_BYTES = 10 * 1024 * 1024;
const LOG_FILES = 5;
const ADMINISTRATORS = '*S-1-5-32-544';
const SYSTEM = '*S-1-5-18';
const EVERYTHING_BELOW = '(OI)(CI)';

export const logFolder = (data: string) => win32.join(data, 'logs');
const account = (name: string) => `NT SERVICE\\${name}`;
const ruleOf = (name: string) => `${name} (servers under test)`;

/** The account exists once the service does, so its rights come after. */
export function installSteps(options: ServiceOptions): Step[] {
  const { name, shawl, node, script, data, settings, identity } = options;
  const who = account(name);
  return [
    {
      program: shawl,
      args: [
        ...['add', '--name', name, '--restart', '--restart-delay', String(RESTART_MS)],
        ...['--stop-timeout', String(STOP_MS), '--kill-process-tree', '--priority', 'normal'],
        ...['--cwd', data, '--log-dir', logFolder(data)],
        ...['--log-rotate', `bytes=${LOG_BYTES}`, '--log-retain', String(LOG_FILES)],
        ...['--', node, script, 'agent', 'run'],
        ...(settings === undefined ? [] : ['--settings', settings]),
        ...(identity === undefined ? [] : ['--identity', identity]),
      ],
    },
    // sc takes `name=` and the value as two words.
    { program: 'sc.exe', args: ['config', name, 'start=', 'auto', 'obj=', who] },
    { program: 'sc.exe', args: ['description', name, 'Runs soaks of an oversoak cluster'] },
    {
      program: 'icacls.exe',
      args: [
        ...[data, '/inheritance:r', '/grant'],
        ...[ADMINISTRATORS, SYSTEM].map((group) => `${group}:${EVERYTHING_BELOW}F`),
        `${who}:${EVERYTHING_BELOW}M`,
      ],
    },
    {
      program: 'icacls.exe',
      args: [options.package, '/grant', `${who}:${EVERYTHING_BELOW}RX`],
    },
    { program: 'icacls.exe', args: [node, '/grant', `${who}:RX`] },
    // Fleets on other machines connect to the servers under test, on ports that vary.
    {
      program: 'netsh.exe',
      args: [
        ...['advfirewall', 'firewall', 'add', 'rule', `name=${ruleOf(name)}`, 'dir=in'],
        ...['action=allow', 'protocol=TCP', `program=${node}`, 'profile=domain,private'],
      ],
    },
    { program: 'sc.exe', args: ['start', name] },
  ];
}

export const stopStep = (name: string): Step => ({
  program: 'sc.exe',
  args: ['stop', name],
  optional: true,
});

export function removeSteps(name: string): Step[] {
  return [
    {
      program: 'netsh.exe',
      args: ['advfirewall', 'firewall', 'delete', 'rule', `name=${ruleOf(name)}`],
      optional: true,
    },
    { program: 'sc.exe', args: ['delete', name] },
  ];
}

export const SERVICE_STATES = {
  1: 'stopped',
  2: 'starting',
  3: 'stopping',
  4: 'running',
  5: 'continuing',
  6: 'pausing',
  7: 'paused',
} as const;
export type ServiceState = (typeof SERVICE_STATES)[keyof typeof SERVICE_STATES] | 'not installed';

/** sc's exit code for a name that no service has: ERROR_SERVICE_DOES_NOT_EXIST. */
const DOES_NOT_EXIST = 1060;

/** What `sc.exe query NAME` says; its words are translated, its numbers are not. */
export function stateOf({ code, output }: { code: number | null; output: string }): ServiceState {
  // Wine's says nothing.
  const isUnknown = code === DOES_NOT_EXIST || (code !== 0 && output.trim() === '');
  if (isUnknown) return 'not installed';
  const number = Number(output.match(/^\s*\S+\s*:\s*([1-7])\s+[A-Z_]+\s*$/m)?.[1]);
  const state = SERVICE_STATES[number as keyof typeof SERVICE_STATES];
  if (state === undefined) throw new CannotRun(`sc.exe query: exit code ${code}: ${output.trim()}`);
  return state;
}
