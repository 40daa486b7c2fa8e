import { fileURLToPath } from 'node:url';
import { validateSpec } from '@oversoak/control-plane/submit/validate';
import { Command } from 'commander';
import { ApiClient } from '../api/client.ts';
import { invalid } from '../api/problem.ts';
import { Outputs } from '../output/outputs.ts';
import { requireBaseline } from '../output/regression.ts';
import type { Context } from '../shell/context.ts';
import type { ExitCode } from '../shell/exit-code.ts';
import { Interrupted, reasonOf } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { serverPlatforms, submittedText } from '../spec/plan.ts';
import { QUICK_DESCRIPTION, quickSpec } from '../spec/quick.ts';
import { readSpec } from '../spec/read-spec.ts';
import { openProgressView } from '../view/live-progress.ts';
import { followSoak } from '../watch/follow.ts';
import { endDemo } from './end-demo.ts';
import { otlpOption } from './otlp-option.ts';
import { redisOption } from './redis-option.ts';
import { type ReportOptions, reportSoak, withReport } from './report-soak.ts';
import { withCluster } from './with-cluster.ts';

export const DEFAULT_SPEC = fileURLToPath(
  new URL('../../../presets/demo.yaml', import.meta.url.replace('/dist/src/', '/src/')),
);

type DemoOptions = ReportOptions & {
  quick?: true;
  redis?: string;
  otlp?: string;
};

export function demoCommand(context: Context): Command {
  return withReport(
    new Command('demo')
      .argument(
        '[spec]',
        'a soak as YAML or JSON, -: from the standard input; default: presets/demo.yaml',
      )
      .option('--quick', `shorten the soak: ${QUICK_DESCRIPTION}`)
      .addOption(redisOption('use this Redis instead of starting one'))
      .addOption(otlpOption()),
  ).action(async (file: string | undefined, options: DemoOptions) => {
    const outputs = await Outputs.open(context, options);
    const withOutputs = { ...context, terminal: outputs.terminal };
    context.exitCode = await demo(withOutputs, outputs, file ?? DEFAULT_SPEC, options);
  });
}

async function demo(
  context: Context,
  outputs: Outputs,
  file: string,
  options: DemoOptions,
): Promise<ExitCode> {
  const given = await readSpec(file);
  const spec = options.quick ? quickSpec(given) : given;
  // The API's own checks, before anything starts.
  const checked = validateSpec(spec);
  if ('problems' in checked) throw invalid(file, checked.problems);
  if (options.failOn !== undefined) requireBaseline(spec.against);

  const clusterOptions = {
    redisUrl: options.redis,
    port: 0,
    otlp: options.otlp,
    servers: serverPlatforms(checked.spec),
  };
  return withCluster(context, clusterOptions, async (address, signal) => {
    const client = new ApiClient(address);
    const text = { text: JSON.stringify(spec), contentType: 'application/json' as const };
    const soak = await client.submit(text, signal);
    const { soakId } = soak;
    print(context.terminal, submittedText(soak));
    try {
      await follow(context, client, soakId, signal);
      print(context.terminal, '');
      return await reportSoak(outputs, client, soakId, options, signal);
    } catch (error) {
      if (!(reasonOf(error, signal) instanceof Interrupted)) throw error;
      await endDemo(context, outputs, client, soakId, options);
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
