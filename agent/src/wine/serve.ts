// node agent/dist/src/wine/serve.js: runs the agent under Wine with this process's environment as
// its settings. A signal stops it in an orderly way. The container images start this.
import { fileURLToPath } from 'node:url';
import { runPrivately } from './private-run.ts';

/** The agent's own bounds stay under 5 s; Wine is slower on a busy machine. */
const STOP_MS = 20_000;

process.exitCode = await runPrivately({
  argv: [fileURLToPath(new URL('../main.js', import.meta.url))],
  env: { OVERSOAK_STOP_ON_STDIN_END: '1' },
  stop: { stopMs: STOP_MS },
});
