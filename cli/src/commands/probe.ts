import { type AgentProbes, PROBE_NAMES } from '@oversoak/contracts';
import { Argument, Command } from 'commander';
import { ApiClient } from '../api/client.ts';
import { Outputs, withOutputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode } from '../shell/exit-code.ts';
import { CannotRun, Interrupted } from '../shell/failure.ts';
import { print, warn } from '../shell/terminal.ts';
import { openProbesProgress } from '../view/probes-progress.ts';
import { probesText } from '../view/probes-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { OWN_AGENT, requestProbes } from './request-probes.ts';
import { withCluster } from './with-cluster.ts';

interface ProbeOptions extends ApiOptions {
  agent?: string[];
  latest?: true;
  json?: string;
  ownCluster?: true;
}

export function probeCommand(context: Context): Command {
  return withApiOptions(
    withOutputs(
      new Command('probe')
        .addArgument(
          new Argument('[names...]', 'names of probes; default: all').choices(PROBE_NAMES),
        )
        .option(
          '--agent <id>',
          'only this agent instead of every live one on Windows or Wine; can be repeated',
          collect,
        )
        .option('--latest', 'run nothing: show the latest answers')
        .option('--own-cluster', 'start a cluster for it and stop it afterwards'),
      ['json'],
    ),
  ).action(async (names: string[], options: ProbeOptions) => {
    const outputs = await Outputs.open(context, options);
    const withOutputs = { ...context, terminal: outputs.terminal };
    const all = await probe(withOutputs, names, options);
    show(withOutputs, all, options);
    await outputs.writeJson({ agents: all });
    context.exitCode = exitCodeOf(all, options.latest === true);
  });
}

function collect(id: string, before: string[] = []): string[] {
  return [...before, id];
}

async function probe(
  context: Context,
  names: string[],
  options: ProbeOptions,
): Promise<AgentProbes[]> {
  if (!options.ownCluster) {
    const client = openClient(options, context.config);
    return options.latest ? latest(client, names, options) : run(context, client, names, options);
  }
  if (options.latest || options.agent !== undefined) {
    throw new CannotRun(
      '--latest and --agent need an existing cluster, so they exclude --own-cluster',
    );
  }
  const where = { redisUrl: undefined, otlp: undefined, port: 0, servers: ['windows'] as const };
  return withCluster(context, where, async (address, signal) => {
    const request = { agents: [OWN_AGENT], ...namesOf(names) };
    const progress = openProbesProgress(context.terminal);
    return requestProbes(new ApiClient(address), request, progress, signal);
  });
}

async function run(
  context: Context,
  client: ApiClient,
  names: readonly string[],
  options: ProbeOptions,
): Promise<AgentProbes[]> {
  const { interrupts, terminal } = context;
  interrupts.install();
  interrupts.onForce(() => process.exit(EXIT.noVerdict));
  const ids = options.agent && (await Promise.all(options.agent.map((id) => client.agentIdOf(id))));
  const agents = ids === undefined ? {} : { agents: ids };
  const request = { ...agents, ...namesOf(names) };
  try {
    return await requestProbes(client, request, openProbesProgress(terminal), interrupts.signal);
  } catch (error) {
    if (error instanceof Interrupted) {
      warn(terminal, 'Detached; the requested probes continue. See them: oversoak probe --latest');
    }
    throw error;
  }
}

const namesOf = (names: readonly string[]) => (names.length === 0 ? {} : { names });

async function latest(
  client: ApiClient,
  names: readonly string[],
  { agent }: ProbeOptions,
): Promise<AgentProbes[]> {
  const ids =
    agent === undefined
      ? (await client.agents()).map(({ agentId }) => agentId)
      : await Promise.all(agent.map((id) => client.agentIdOf(id)));
  const all = await Promise.all(ids.map((id) => client.probesOf(id)));
  if (names.length === 0) return all;
  const isRequested = ({ name }: { name: string }) => names.includes(name);
  return all.map((probes) => ({
    ...probes,
    requested: probes.requested.filter(isRequested),
    answers: probes.answers.filter(isRequested),
  }));
}

function show({ terminal }: Context, all: readonly AgentProbes[], { latest }: ProbeOptions): void {
  const shown = { columns: terminal.columns(), when: latest === true };
  for (const probes of all) print(terminal, `\n${probesText(probes, shown, terminal.colors)}`);
  if (all.length === 0) print(terminal, 'No agent has registered.');
}

/** A failed claim outweighs a missing answer. With --latest, answers cannot be missing. */
function exitCodeOf(all: readonly AgentProbes[], isLatest: boolean): ExitCode {
  const failed = all.some(({ answers }) =>
    answers.some(({ outcome }) => outcome === 'does-not-hold'),
  );
  if (failed) return EXIT.failed;
  const missing = !isLatest && all.some(({ requested }) => requested.length > 0);
  return missing ? EXIT.noVerdict : EXIT.passed;
}
