import { Command } from 'commander';
import { Outputs } from '../output/outputs.ts';
import { requireBaseline } from '../output/regression.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { submittedText } from '../spec/plan.ts';
import { parseSpec, readSpecText } from '../spec/read-spec.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { attach } from './attach.ts';
import { HeldInterrupts } from './held-interrupts.ts';
import { type ReportOptions, reportOptionsGiven, withReport } from './report-soak.ts';

type SubmitOptions = ApiOptions & ReportOptions & { watch?: true };

export function submitCommand(context: Context): Command {
  return withApiOptions(
    withReport(
      new Command('submit')
        .argument(
          '<file>',
          'a soak as YAML, or as JSON in a .json file; -: from the standard input',
        )
        .option('--watch', 'show the progress and then the comparison; Ctrl-C asks what to do'),
    ),
  ).action(async (file: string, options: SubmitOptions) => {
    context.exitCode = await submit(context, file, options);
  });
}

async function submit(context: Context, file: string, options: SubmitOptions): Promise<ExitCode> {
  const atTheEnd = reportOptionsGiven(options);
  if (atTheEnd.length > 0 && !options.watch) {
    throw new CannotRun(`${atTheEnd.join(', ')}: only with --watch`);
  }
  const client = openClient(options, context.config);
  const text = await readSpecText(file);
  if (options.failOn !== undefined) requireBaseline(parseSpec(file, text).against);
  const outputs = await Outputs.open(context, options);
  const held = new HeldInterrupts({ ...context, terminal: outputs.terminal });
  const soak = await client.submit(text);
  const isPressed = held.release();
  print(outputs.terminal, submittedText(soak));
  if (options.watch) return attach(context, outputs, client, soak.soakId, options, isPressed);
  await outputs.writeJson(soak);
  return EXIT.passed;
}
