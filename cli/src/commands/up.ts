import { join } from 'node:path';
import { isLoopback } from '@oversoak/contracts';
import { Command, InvalidArgumentError } from 'commander';
import {
  CERTIFICATE_FILES,
  CERTIFICATE_FOLDER,
  ensureCertificates,
} from '../certs/certificate-folder.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun, Interrupted, messageOf } from '../shell/failure.ts';
import { print, warn } from '../shell/terminal.ts';
import { progressPrinter } from '../stack/progress-line.ts';
import { ensureSecrets } from '../stack/secrets.ts';
import { notReadyLines, type ServiceState, stateText } from '../stack/services.ts';
import {
  lanAddressOf,
  STACK_FOLDER,
  Stack,
  stackHosts,
  stackSetting,
  untilInterrupted,
} from '../stack/stack.ts';

/** The first start of Wine takes a minute on a busy machine. */
const WITHIN_SECONDS = 300;
const MAX_SECONDS = 3_600;

interface UpOptions {
  build?: true;
  lan?: string;
  linux?: true;
  timeout: number;
}

export function upCommand(context: Context): Command {
  return new Command('up')
    .option('--build', 'rebuild the images of oversoak, for example after an update')
    .option('--lan <address>', "this machine's address for Windows agents that join from outside")
    .option('--linux', 'also an agent on Linux: servers on epoll, native fleets')
    .option(
      '--timeout <seconds>',
      'how long to wait until all services are healthy',
      readSeconds,
      WITHIN_SECONDS,
    )
    .action(async (options: UpOptions) => {
      await bringUp(context, STACK_FOLDER, options);
      context.exitCode = EXIT.passed;
    });
}

/** Resolves when all services are healthy and the addresses are printed. */
export async function bringUp(context: Context, folder: string, options: UpOptions): Promise<void> {
  const { config, terminal, interrupts } = context;
  interrupts.install();
  const { signal } = interrupts;
  const environment = config.environment;
  const stackOptions = {
    folder,
    environment,
    lanAddress: options.lan,
    withLinux: options.linux,
  };
  // Reports what is missing (docker, its daemon) before any file is written.
  const before = await (await Stack.open(stackOptions)).services();

  const bind = await stackSetting('OVERSOAK_BIND', folder, environment);
  const lanAddress = options.lan ?? (await lanAddressOf(folder, environment));
  const isSecure = lanAddress !== undefined;
  const isOpen = bind !== undefined && !isLoopback(bind) && !isSecure;
  if (isOpen && !config.plaintext().includes('api')) {
    throw new CannotRun(
      `OVERSOAK_BIND ${bind} would publish the API unencrypted: add --lan ${bind}, which makes ` +
        'certificates, or allow it on a network that you trust with OVERSOAK_ALLOW_PLAINTEXT=api',
    );
  }
  const file = join(folder, '.env');
  const made = await ensureSecrets(file, environment);
  if (made.length > 0) print(terminal, `Made ${made.join(', ')} in ${file}.`);
  if (isSecure) {
    const certificates = join(folder, CERTIFICATE_FOLDER);
    const hosts = stackHosts(bind, lanAddress);
    const held = await ensureCertificates(certificates, { hosts, nowMs: Date.now() });
    for (const each of held.made) print(terminal, `Made ${each} in ${certificates}.`);
  }

  const stack = await Stack.open(stackOptions);
  const onLine = progressPrinter((line) => print(terminal, line));
  try {
    if (before.length === 0) {
      print(terminal, 'Fetching and building images (minutes the first time) ...');
    }
    const build = options.build === true;
    await untilInterrupted(stack.prepare(build, { onLine }), signal);
    print(terminal, `Starting; waiting up to ${options.timeout} s for health ...`);
    await untilInterrupted(stack.start(options.timeout, { onLine }), signal);
  } catch (error) {
    const states = await stack.services().catch(() => []);
    if (error instanceof Interrupted) warn(terminal, leftBehind(states));
    else if (error instanceof CannotRun) throw withStates(error, states);
    throw error;
  }
  print(
    terminal,
    await greeting(stack, file, isSecure ? join(folder, CERTIFICATE_FOLDER) : undefined),
  );
}

/** `certificates`: the folder with the authority of the API; undefined: it is served over HTTP. */
async function greeting(
  stack: Stack,
  file: string,
  certificates: string | undefined,
): Promise<string> {
  const [grafana, api] = await Promise.all([
    stack.published('grafana', 3000),
    stack.published('control-plane', 7700),
  ]);
  const url = `${certificates === undefined ? 'http' : 'https'}://${api}`;
  return [
    '',
    `Grafana  http://${grafana}  (user admin, password OVERSOAK_GRAFANA_PASSWORD in ${file})`,
    `API      ${url}  (token OVERSOAK_TOKEN in ${file}; documentation at /docs)`,
    '',
    'For the other commands:',
    `  export OVERSOAK_URL=${url} OVERSOAK_TOKEN=the-token`,
    ...(certificates === undefined
      ? []
      : [`  export NODE_EXTRA_CA_CERTS=${join(certificates, CERTIFICATE_FILES.authority.cert)}`]),
    '',
    '"oversoak logs --follow" shows its logs; "oversoak down" stops it and keeps the stored data.',
  ].join('\n');
}

function leftBehind(states: readonly ServiceState[]): string {
  if (states.length === 0) return 'Nothing was started.';
  const lines = states.map((state) => `  ${stateText(state)}`);
  return ['Partly started:', ...lines, '"oversoak up" continues, "oversoak down" stops it.'].join(
    '\n',
  );
}

function withStates(error: CannotRun, states: readonly ServiceState[]): CannotRun {
  const lines = notReadyLines(states);
  if (lines.length === 0) return error;
  return new CannotRun([messageOf(error), 'Not ready:', ...lines].join('\n'));
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > MAX_SECONDS) {
    throw new InvalidArgumentError(`expected a whole number of seconds, 1 to ${MAX_SECONDS}`);
  }
  return seconds;
}
