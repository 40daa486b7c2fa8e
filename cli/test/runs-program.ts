import { TOKEN } from '@oversoak/testing/api/fake-api';
import { runProgram } from '../src/program.ts';
import { readConfig } from '../src/shell/config.ts';
import { EXIT } from '../src/shell/exit-code.ts';
import { Interrupts, SIGNALS } from '../src/shell/interrupts.ts';
import { plainTerminal } from './plain-terminal.ts';

/** Runs command lines against an API, and answers what they said. */
export function runsProgram(url: string) {
  return async (argv: string[], environment: NodeJS.ProcessEnv = {}) => {
    const terminal = plainTerminal();
    const config = readConfig({ OVERSOAK_URL: url, OVERSOAK_TOKEN: TOKEN, ...environment });
    const interrupts = new Interrupts();
    const context = { config, terminal, interrupts, exitCode: EXIT.noVerdict };
    const code = await runProgram(context, argv);
    // The process of a test outlives its commands.
    for (const name of SIGNALS) process.off(name, interrupts.received);
    return { code, out: terminal.text(), err: terminal.errors() };
  };
}
