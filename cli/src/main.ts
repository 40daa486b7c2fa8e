#!/usr/bin/env node
import { readConfig } from './config.ts';
import { EXIT } from './exit-code.ts';
import { Interrupts } from './interrupts.ts';
import { runProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

const config = readConfig();
const terminal = openTerminal(config.plain);
const interrupts = new Interrupts();

process.exitCode = await runProgram(
  { config, terminal, interrupts, exitCode: EXIT.noVerdict },
  process.argv.slice(2),
);
