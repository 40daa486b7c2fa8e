// node agent/dist/src/wine/serve.js: the agent under Wine, with this process' environment as its
// settings. A signal ends it in order; what the container images start.
import { fileURLToPath } from 'node:url';
import { runPrivately } from './private-run.ts';

/** The agent's own bounds stay under 5 s; Wine is slower on a machine that is busy. */
const STOP_MS = 20_000;

process.exitCode = await runPrivately({
  argv: [fileURLToPath(new URL('../main.js', import.meta.url))],
  env: { OVERSOAK_STOP_ON_STDIN_END: '1' },
  stop: { stopMs: STOP_MS },
});
