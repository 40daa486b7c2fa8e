#!/usr/bin/env node
import { runProgram } from './program.ts';
import { readConfig } from './shell/config.ts';
import { EXIT } from './shell/exit-code.ts';
import { Interrupts } from './shell/interrupts.ts';
import { openTerminal } from './shell/terminal.ts';

const config = readConfig();
const terminal = openTerminal(config.plain);
const interrupts = new Interrupts();

process.exitCode = await runProgram(
  { config, terminal, interrupts, exitCode: EXIT.noVerdict },
  process.argv.slice(2),
);
