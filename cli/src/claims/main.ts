// npm run claims: runs all probes on a private agent and writes docs/claims.json and
// docs/claims.md. `--page` only regenerates the page from existing figures; `--redis URL` uses that
// Redis instead of starting one, which Windows needs.
import { parseArgs } from 'node:util';
import { ApiClient } from '../api/client.ts';
import { OWN_AGENT, requestProbes } from '../commands/request-probes.ts';
import { withCluster } from '../commands/with-cluster.ts';
import { readConfig } from '../shell/config.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode } from '../shell/exit-code.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { Interrupts } from '../shell/interrupts.ts';
import { endWithOutputs } from '../shell/outputs-end.ts';
import { openTerminal, print, warn } from '../shell/terminal.ts';
import { openProbesProgress } from '../view/probes-progress.ts';
import { type ClaimFigures, claimFigures, withFigures } from './claim-figures.ts';
import { PAGE_FILE, readFigures, writeClaims } from './files.ts';

/** Expected maximum for all probes under Wine on an otherwise idle machine. */
const MAX_SECONDS = 60;

/** @throws CannotRun when a probe has no answer, so that no incomplete page is written */
async function take(context: Context, redisUrl: string | undefined): Promise<ClaimFigures> {
  const { terminal } = context;
  const where = { redisUrl, otlp: undefined, port: 0, servers: ['windows'] as const };
  return withCluster(context, where, async (address, signal) => {
    const client = new ApiClient(address);
    const agent = (await client.agents(signal)).find(({ agentId }) => agentId === OWN_AGENT);
    if (agent === undefined) throw new CannotRun(`${OWN_AGENT} is not registered`);
    const startedMs = performance.now();
    const progress = openProbesProgress(terminal);
    const [probes] = await requestProbes(client, { agents: [OWN_AGENT] }, progress, signal);
    const tookSeconds = (performance.now() - startedMs) / 1000;
    if (probes === undefined || probes.requested.length > 0) {
      throw new CannotRun('not every probe was answered');
    }
    return claimFigures(probes, agent, { atMs: Date.now(), tookSeconds });
  });
}

async function writeAll(context: Context): Promise<ExitCode> {
  const { values } = parseArgs({
    options: { page: { type: 'boolean', default: false }, redis: { type: 'string' } },
  });
  const before = await readFigures();
  if (values.page) {
    await writeClaims(before);
    return EXIT.passed;
  }
  const taken = await take(context, values.redis);
  await writeClaims(withFigures(before, taken));
  const { length } = taken.results;
  print(context.terminal, `${length} probes in ${taken.tookSeconds.toFixed(1)} s: ${PAGE_FILE}`);
  if (taken.tookSeconds <= MAX_SECONDS) return EXIT.passed;
  warn(context.terminal, `more than ${MAX_SECONDS} s: the machine was busy with something else`);
  return EXIT.failed;
}

const config = readConfig();
const terminal = openTerminal(config.plain);
const interrupts = new Interrupts();
const exitCodeFor = endWithOutputs(interrupts);
const context = { config, terminal, interrupts, exitCode: EXIT.noVerdict };
const code = await writeAll(context).catch((error: unknown) => {
  if (!(error instanceof Error)) throw error;
  warn(terminal, `claims: ${messageOf(error)}`);
  return EXIT.noVerdict;
});
process.exitCode = exitCodeFor(code);
