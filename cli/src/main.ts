import { runProgram } from './program.ts';
import { readConfig } from './shell/config.ts';
import { EXIT } from './shell/exit-code.ts';
import { Interrupts } from './shell/interrupts.ts';
import { endWithOutputs } from './shell/outputs-end.ts';
import { openTerminal } from './shell/terminal.ts';

const config = readConfig();
const terminal = openTerminal(config.plain);
const interrupts = new Interrupts();
const exitCodeFor = endWithOutputs(interrupts);

const context = { config, terminal, interrupts, exitCode: EXIT.noVerdict };
process.exitCode = exitCodeFor(await runProgram(context, process.argv.slice(2)));
