import { Command, InvalidArgumentError } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun, Interrupted } from '../shell/failure.ts';
import { print, warn } from '../shell/terminal.ts';
import { STACK_FOLDER, Stack, untilInterrupted } from '../stack/stack.ts';

interface LogsOptions {
  follow?: true;
  tail: number;
}

const LINES = 100;

export function logsCommand(context: Context): Command {
  return new Command('logs')
    .argument(
      '[services...]',
      'redis, control-plane, agent-a, agent-linux, tempo, ...; default: all',
    )
    .option('-f, --follow', 'follow the logs until Ctrl-C')
    .option('--tail <lines>', 'the last lines of each service', readLines, LINES)
    .action(async (services: string[], options: LogsOptions) => {
      await showLogs(context, STACK_FOLDER, services, options);
      context.exitCode = EXIT.passed;
    });
}

export async function showLogs(
  { config, terminal, interrupts }: Context,
  folder: string,
  services: readonly string[],
  options: LogsOptions,
): Promise<void> {
  const stack = await Stack.open({ folder, environment: config.environment });
  const names = await stack.serviceNames();
  const unknown = services.find((service) => !names.includes(service));
  if (unknown !== undefined) {
    throw new CannotRun(`there is no service "${unknown}"; valid: ${names.join(', ')}`);
  }
  interrupts.install();
  const follow = options.follow === true;
  const args = [...(follow ? ['--follow'] : []), '--tail', String(options.tail), ...services];
  const onLine = (line: string, stream: 'out' | 'err') =>
    stream === 'out' ? print(terminal, line) : warn(terminal, line);
  try {
    await untilInterrupted(stack.logs(args, { onLine }), interrupts.signal);
  } catch (error) {
    // This is how following normally ends.
    if (!(follow && error instanceof Interrupted)) throw error;
  }
}

function readLines(text: string): number {
  const lines = Number(text);
  if (!/^\d+$/.test(text) || lines > 100_000) {
    throw new InvalidArgumentError('expected a number of lines, 0 to 100000');
  }
  return lines;
}
