import { Command } from 'commander';
import type { ApiClient } from '../api/client.ts';
import { isRunId, soakOfRuns } from '../api/short-id.ts';
import { Outputs, withOutputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { type ExitCode, exitCodeOf } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print, type Terminal } from '../shell/terminal.ts';
import { runText } from '../view/run-text.ts';
import { soakText } from '../view/soak-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type ShowOptions = ApiOptions & { json?: string };

export function showCommand(context: Context): Command {
  return withApiOptions(
    withOutputs(
      new Command('show').argument('<id>', 'id of a run (run-...) or a soak (soak-...)'),
      ['json'],
    ),
  ).action(async (id: string, options: ShowOptions) => {
    const outputs = await Outputs.open(context, options);
    const { value, code, text } = await fetchDocument(openClient(options, context.config), id);
    print(outputs.terminal, text(outputs.terminal));
    await outputs.writeJson(value);
    context.exitCode = code;
  });
}

interface Document {
  value: unknown;
  code: ExitCode;
  text(terminal: Terminal): string;
}

/** The prefix of an id gives the kind of the document. */
async function fetchDocument(client: ApiClient, id: string): Promise<Document> {
  if (isRunId(id)) {
    const run = await client.run(await client.runIdOf(id));
    const code = exitCodeOf(run.judgement?.verdict ?? null);
    return { value: run, code, text: ({ columns, colors }) => runText(run, columns(), colors) };
  }
  const soakId = await client.soakIdOf(soakOfRuns(id));
  if (soakId.startsWith('soak-')) {
    const soak = await client.soak(soakId);
    const code = exitCodeOf(soak.verdict);
    return { value: soak, code, text: ({ columns, colors }) => soakText(soak, columns(), colors) };
  }
  const what = 'neither the id of a run (run-...) nor of a soak (soak-...)';
  throw new CannotRun(`"${id}" is ${what}, nor the first 2 characters or more of one`);
}
