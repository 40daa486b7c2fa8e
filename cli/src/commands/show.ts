import { Command } from 'commander';
import type { ApiClient } from '../api/client.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print, type Terminal } from '../shell/terminal.ts';
import { runText } from '../view/run-text.ts';
import { soakText } from '../view/soak-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type ShowOptions = ApiOptions & { json?: true };

export function showCommand(context: Context): Command {
  return withApiOptions(
    new Command('show')
      .argument('<id>', 'id of a run (run-...) or a soak (soak-...)')
      .option('--json', 'print the whole document as JSON'),
  ).action(async (id: string, options: ShowOptions) => {
    const document = await fetchDocument(openClient(options, context.config), id);
    const { value, text } = document;
    print(context.terminal, options.json ? JSON.stringify(value, null, 2) : text(context.terminal));
    context.exitCode = EXIT.passed;
  });
}

interface Document {
  value: unknown;
  text(terminal: Terminal): string;
}

/** The prefix of an id gives the kind of the document. */
async function fetchDocument(client: ApiClient, id: string): Promise<Document> {
  if (id.startsWith('run-')) {
    const run = await client.run(id);
    return { value: run, text: ({ columns, colors }) => runText(run, columns(), colors) };
  }
  if (id.startsWith('soak-')) {
    const soak = await client.soak(id);
    return { value: soak, text: ({ columns, colors }) => soakText(soak, columns(), colors) };
  }
  throw new CannotRun(`"${id}" is neither the id of a run (run-...) nor of a soak (soak-...)`);
}
