import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SoakSpec, validate } from '@oversoak/contracts';
import { Command } from 'commander';
import { ApiClient } from '../api/client.ts';
import { fieldLines } from '../api/problem.ts';
import type { Context } from '../shell/context.ts';
import { type ExitCode, exitCodeOf } from '../shell/exit-code.ts';
import { CannotRun, Interrupted, messageOf, reasonOf } from '../shell/failure.ts';
import { print, warn } from '../shell/terminal.ts';
import { QUICK_DESCRIPTION, quickSpec } from '../spec/quick.ts';
import { readSpec } from '../spec/read-spec.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { openProgressView } from '../view/open-progress-view.ts';
import { followSoak } from '../watch/follow.ts';
import { columnsOption } from './columns-option.ts';
import { checkWritable, writeJson } from './json-file.ts';
import { otlpOption } from './otlp-option.ts';
import { showComparison } from './show-comparison.ts';
import { submittedText } from './submitted-text.ts';
import { withCluster } from './with-cluster.ts';

/** Relative to dist/src/commands. */
const DEFAULT_SPEC = fileURLToPath(new URL('../../../../presets/demo.yaml', import.meta.url));

/** A gang ends within two seconds of a cancel. */
const CANCEL_MS = 3_000;
const CANCEL_POLL_MS = 200;

interface DemoOptions {
  quick?: true;
  columns?: ColumnName[];
  json?: string;
  redis?: string;
  otlp?: string;
}

export function demoCommand(context: Context): Command {
  return new Command('demo')
    .argument('[spec]', 'a soak as YAML or JSON; default: presets/demo.yaml')
    .option('--quick', `shorten the soak: ${QUICK_DESCRIPTION}`)
    .addOption(columnsOption())
    .option('--json <file>', 'write the whole comparison to this file')
    .option('--redis <url>', 'use this Redis instead of starting one')
    .addOption(otlpOption())
    .action(async (file: string | undefined, options: DemoOptions) => {
      context.exitCode = await demo(context, file ?? DEFAULT_SPEC, options);
    });
}

async function demo(context: Context, file: string, options: DemoOptions): Promise<ExitCode> {
  const given = await readSpec(file);
  const spec = options.quick ? quickSpec(given) : given;
  // Report schema errors before anything starts; the API validates the rest.
  const checked = validate(SoakSpec, spec);
  if ('problems' in checked) {
    throw new CannotRun(
      [`"${file}" is not a valid soak:`, ...fieldLines(checked.problems)].join('\n'),
    );
  }
  if (options.json !== undefined) await checkWritable(options.json);

  const clusterOptions = { redisUrl: options.redis, port: 0, otlp: options.otlp };
  return withCluster(context, clusterOptions, async (address, signal) => {
    const client = new ApiClient(address);
    const text = { text: JSON.stringify(spec), contentType: 'application/json' as const };
    const { soakId, runs } = await client.submit(text, signal);
    print(context.terminal, submittedText(soakId, runs.length));
    try {
      await follow(context, client, soakId, signal);
      const comparison = await showComparison(context, client, soakId, signal, options.columns);
      if (options.json !== undefined) await writeJson(options.json, comparison);
      return exitCodeOf(comparison.verdict);
    } catch (error) {
      if (reasonOf(error, signal) instanceof Interrupted) await cancel(context, client, soakId);
      throw error;
    }
  });
}

async function follow(
  { terminal }: Context,
  client: ApiClient,
  soakId: string,
  signal: AbortSignal,
): Promise<void> {
  const view = openProgressView(terminal);
  try {
    await followSoak(client, soakId, view, signal);
  } finally {
    view.stop();
  }
}

/** Requests an orderly end of the gang; what does not end in time is stopped with the cluster. */
async function cancel({ terminal }: Context, client: ApiClient, soakId: string): Promise<void> {
  warn(terminal, 'Cancelling (Ctrl-C again: at once) ...');
  const signal = AbortSignal.timeout(CANCEL_MS);
  try {
    await client.cancel(soakId, signal);
    while ((await client.soak(soakId, signal)).state !== 'done') {
      await delay(CANCEL_POLL_MS, undefined, { signal });
    }
  } catch (error) {
    warn(terminal, `The cancel could not be confirmed: ${messageOf(reasonOf(error, signal))}`);
  }
}
