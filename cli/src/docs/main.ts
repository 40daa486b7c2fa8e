// Generates the page of docs/ that is declared by the commands.
import { writeFileSync } from 'node:fs';
import { CLI_PAGE, cliMarkdown } from './cli-markdown.ts';

writeFileSync(CLI_PAGE, await cliMarkdown());
