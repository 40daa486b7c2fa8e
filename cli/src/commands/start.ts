import { once } from 'node:events';
import { isAbsolute, relative } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { ApiAddress } from '../api/client.ts';
import { ALL_SERVERS } from '../cluster/planned-agents.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { Interrupted } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { DEFAULT_SPEC } from './demo.ts';
import { otlpOption } from './otlp-option.ts';
import { redisOption } from './redis-option.ts';
import { withCluster } from './with-cluster.ts';

interface StartOptions {
  redis?: string;
  port: number;
  otlp?: string;
}

export function startCommand(context: Context): Command {
  return new Command('start')
    .addOption(redisOption('use this Redis instead of starting one; its data stays'))
    .option('--port <port>', 'port of the API on 127.0.0.1; 0: any free port', readPort, 7700)
    .addOption(otlpOption())
    .action(async (options: StartOptions) => {
      await start(context, options);
      context.exitCode = EXIT.passed;
    });
}

async function start(context: Context, options: StartOptions): Promise<void> {
  const { redis: redisUrl, port, otlp } = options;
  try {
    const options = { redisUrl, port, otlp, servers: ALL_SERVERS, restartAgents: true };
    await withCluster(context, options, async (address, signal) => {
      const preset = pathForUser(DEFAULT_SPEC, process.cwd());
      print(context.terminal, greeting(address, context.config.command, preset, redisUrl));
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    });
  } catch (error) {
    // This is how the command normally ends.
    if (!(error instanceof Interrupted)) throw error;
  }
}

export function greeting(
  { url, token }: ApiAddress,
  command: string,
  preset: string,
  redisUrl: string | undefined,
): string {
  return [
    '',
    `API    ${url}`,
    `Docs   ${url}/docs`,
    `Token  ${token}`,
    '',
    'In another terminal, for example:',
    `  ${command} submit ${preset} --watch --url ${url} --token ${token}`,
    '',
    redisUrl === undefined
      ? 'Ctrl-C stops everything and deletes the results. To keep them: --redis URL, or oversoak export.'
      : 'Ctrl-C stops everything; the results stay in the Redis that was given.',
  ].join('\n');
}

/** Pure: a file as an argument in a folder: without it where the file is below, quoted if it must be. */
export function pathForUser(file: string, folder: string): string {
  const below = relative(folder, file);
  const path = below.startsWith('..') || isAbsolute(below) ? file : below;
  return /^[\w./\\:@+-]+$/.test(path) ? path : `"${path}"`;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('expected a port, 0 to 65535');
  }
  return port;
}
