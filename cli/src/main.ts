import { runProgram } from './program.ts';
import { readConfig } from './shell/config.ts';
import { EXIT } from './shell/exit-code.ts';
import { Interrupts } from './shell/interrupts.ts';
import { openTerminal } from './shell/terminal.ts';

// A reader that has seen enough, as `head` has, is no failure of the command. What the command has
// started ends with it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? EXIT.noVerdict);
  });
}

const config = readConfig();
const terminal = openTerminal(config.plain);
const interrupts = new Interrupts();

process.exitCode = await runProgram(
  { config, terminal, interrupts, exitCode: EXIT.noVerdict },
  process.argv.slice(2),
);
