// node agent/dist/src/wine/run.js ARGS...: runs the Windows Node under Wine with these arguments,
// in a private prefix that is removed afterwards. Passes output and exit code through.
import { runPrivately } from './private-run.ts';

process.exitCode = await runPrivately({ argv: process.argv.slice(2), stop: 'kill' });
