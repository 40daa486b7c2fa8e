import { SettingsError } from '@oversoak/contracts';
import { Command, CommanderError } from 'commander';
import { agentsCommand } from './commands/agents.ts';
import { baselinesCommand } from './commands/baselines.ts';
import { cancelCommand } from './commands/cancel.ts';
import { compareCommand } from './commands/compare.ts';
import { demoCommand } from './commands/demo.ts';
import { downCommand } from './commands/down.ts';
import { drainCommand } from './commands/drain.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { logsCommand } from './commands/logs.ts';
import { probeCommand } from './commands/probe.ts';
import { schedulesCommand } from './commands/schedules.ts';
import { showCommand } from './commands/show.ts';
import { soaksCommand } from './commands/soaks.ts';
import { startCommand } from './commands/start.ts';
import { submitCommand } from './commands/submit.ts';
import { trendCommand } from './commands/trend.ts';
import { upCommand } from './commands/up.ts';
import { watchCommand } from './commands/watch.ts';
import type { Context } from './shell/context.ts';
import { EXIT, type ExitCode } from './shell/exit-code.ts';
import { CannotRun, Interrupted } from './shell/failure.ts';
import { warn } from './shell/terminal.ts';

const COMMANDS = [
  demoCommand,
  startCommand,
  submitCommand,
  watchCommand,
  soaksCommand,
  showCommand,
  compareCommand,
  baselinesCommand,
  trendCommand,
  cancelCommand,
  exportCommand,
  importCommand,
  schedulesCommand,
  agentsCommand,
  drainCommand,
  probeCommand,
  upCommand,
  downCommand,
  logsCommand,
];

const EXIT_CODES = `
Exit codes:
  0  passed (or the command succeeded)
  1  failed: the server under test missed a threshold; a trend shows a regression; a probe's claim
     does not hold
  2  inconclusive, cancelled, interrupted, not done yet, or could not run`;

/** Runs a command line (without node and script) and returns its exit code. */
export async function runProgram(context: Context, argv: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram(context).parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    return report(context, error);
  }
}

function createProgram(context: Context): Command {
  const { out, err } = context.terminal;
  const program = new Command('oversoak').description(
    'Soak tests for Windows network servers: notification models and thread layouts compared',
  );
  for (const command of COMMANDS) program.addCommand(command(context));
  program.addHelpText('after', EXIT_CODES);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .showHelpAfterError(`("${nameOf(command)} --help")`)
      .configureOutput({
        writeOut: (text) => out.write(text),
        writeErr: (text) => err.write(text),
      });
  }
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The full command name, e.g. `oversoak schedules put`. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** What a user can mend, or wanted. */
const EXPECTED = [CannotRun, Interrupted, SettingsError];

function report({ terminal }: Context, error: unknown): ExitCode {
  // Commander has already printed the problem; a help request is not an error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.noVerdict;
  if (EXPECTED.some((kind) => error instanceof kind)) {
    warn(terminal, `oversoak: ${(error as Error).message}`);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    warn(terminal, `oversoak: this is a defect of oversoak itself:\n${text}`);
  }
  return EXIT.noVerdict;
}
