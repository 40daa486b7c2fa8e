// node agent/dist/src/wine/run.js ARGS...: the Windows Node under Wine with these arguments, in a
// private prefix that is removed at the end. Output and exit code are passed through.
import { runPrivately } from './private-run.ts';

process.exitCode = await runPrivately({ argv: process.argv.slice(2), stop: 'kill' });
