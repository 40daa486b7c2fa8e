// node cli/dist/src/demo-needs.js ARGUMENTS OF DEMO: prints `wine` if that demo needs Wine on
// this machine, else `native`. The set-up runs this before it installs anything for Wine.
import { NOTIFIERS, type SoakSpec } from '@oversoak/contracts';
import { CommanderError } from 'commander';
import { ALL_SERVERS, needsWine, type ServerPlatforms } from './cluster/planned-agents.ts';
import { DEFAULT_SPEC, demoCommand } from './commands/demo.ts';
import { readConfig } from './shell/config.ts';
import { EXIT } from './shell/exit-code.ts';
import { CannotRun } from './shell/failure.ts';
import { Interrupts } from './shell/interrupts.ts';
import { openTerminal } from './shell/terminal.ts';
import { serverPlatforms } from './spec/plan.ts';
import { isMapping, readSpec } from './spec/read-spec.ts';

const STDIN = '-';

/** The platforms of a spec that is not validated yet; the demo itself reports its problems. */
async function serversOf(file: string): Promise<ServerPlatforms> {
  // The demo itself reads the standard input, which cannot be read twice.
  if (file === STDIN) return ALL_SERVERS;
  const { matrix } = await readSpec(file);
  const given = isMapping(matrix) && Array.isArray(matrix.notifier) ? matrix.notifier : [];
  const notifier = NOTIFIERS.filter((name) => given.includes(name));
  return serverPlatforms({ matrix: { notifier } } as Pick<SoakSpec, 'matrix'>);
}

const terminal = openTerminal(readConfig().plain);
const context = {
  config: readConfig(),
  terminal,
  interrupts: new Interrupts(),
  exitCode: EXIT.noVerdict,
};
let servers: ServerPlatforms = [];
// The demo's own options, so that both read the same file.
const command = demoCommand(context)
  .exitOverride()
  .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  .action(async (file: string | undefined) => {
    servers = await serversOf(file ?? DEFAULT_SPEC);
  });
try {
  await command.parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  // Help, or arguments that the demo refuses: it does so without a cluster.
  if (!(error instanceof CommanderError || error instanceof CannotRun)) throw error;
}
console.log(needsWine(process.platform, servers) ? 'wine' : 'native');
