import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { progressPrinter } from '../stack/progress-line.ts';
import { STACK_FOLDER, Stack, untilInterrupted } from '../stack/stack.ts';

interface DownOptions {
  volumes?: true;
  yes?: true;
}

const WHAT_GOES = 'all soaks, results and schedules, and all metrics, traces and Grafana settings';

export function downCommand(context: Context): Command {
  return new Command('down')
    .option('--volumes', `delete its data too: ${WHAT_GOES}`)
    .option('--yes', 'do not ask for confirmation')
    .action(async (options: DownOptions) => {
      await takeDown(context, STACK_FOLDER, options);
      context.exitCode = EXIT.passed;
    });
}

export async function takeDown(
  { config, terminal, interrupts }: Context,
  folder: string,
  options: DownOptions,
): Promise<void> {
  const withVolumes = options.volumes === true;
  const stack = await Stack.open({ folder, environment: config.environment });
  if (withVolumes && options.yes !== true) {
    const question = `This deletes ${WHAT_GOES}. Type "delete" to continue: `;
    if (terminal.ask === null)
      throw new CannotRun('--volumes needs --yes without an interactive terminal');
    const answer = await terminal.ask(question, interrupts.signal);
    if (answer?.trim() !== 'delete') throw new CannotRun('nothing was stopped or deleted');
  }
  interrupts.install();
  print(terminal, 'Stopping; agents abort and report their runs ...');
  const onLine = progressPrinter((line) => print(terminal, line));
  await untilInterrupted(stack.down(withVolumes, { onLine }), interrupts.signal);
  print(
    terminal,
    withVolumes
      ? 'Stopped; the stored data is deleted.'
      : 'Stopped. The stored data is kept; "oversoak up" starts the stack again.',
  );
}
