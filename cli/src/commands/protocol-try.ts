import type { Program } from '@oversoak/contracts/protocol/program';
import type { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';
import { Command, InvalidArgumentError } from 'commander';
import { diagnose } from '../protocol/diagnose.ts';
import { hintsOf } from '../protocol/hints.ts';
import { readProtocol } from '../protocol/read-protocol.ts';
import { fits, type Outcome, type TryTarget, trySession } from '../protocol/try-session.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { eventText } from '../view/protocol-text.ts';

const MAX_PORT = 65_535;

interface TryCommandOptions {
  target: TryTarget;
  requests: number;
  overSend: number;
  session: number;
  seed: number;
  timeout: number;
  diagnose: boolean;
}

export function protocolTryCommand(context: Context): Command {
  return new Command('try')
    .description('send one session of a protocol to a server, and show both directions')
    .argument('<file>', 'a protocol as YAML or JSON; -: from the standard input')
    .requiredOption('--target <host:port>', 'the server', readTarget)
    .option('--requests <count>', 'requests to send, 1 to 10000', wholeNumber(1, 10_000), 10)
    .option('--over-send <count>', 'requests that may wait for an answer', wholeNumber(1, 64), 1)
    .option('--session <number>', 'number of the session', wholeNumber(0, 2 ** 32 - 1000), 0)
    .option('--seed <number>', 'for random content', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--timeout <ms>', 'longest wait for an answer', wholeNumber(1, 600_000), 3000)
    .option('--no-diagnose', 'if it does not fit, do not try what is usually wrong')
    .action(async (path: string, options: TryCommandOptions) => {
      const { program, file } = await readProtocol(path);
      context.interrupts.install();
      const outcome = await session(context, program, options);
      const lines = fits(outcome)
        ? [`fits: ${outcome.answers} answers as expected`]
        : await adviceOf(context, file, outcome, options);
      print(context.terminal, lines.join('\n'));
      context.exitCode = fits(outcome) ? EXIT.passed : EXIT.failed;
    });
}

function session(
  { terminal, interrupts }: Context,
  program: Program,
  { target, ...options }: TryCommandOptions,
): Promise<Outcome> {
  const { signal } = interrupts;
  return trySession(program, target, { ...options, timeoutMs: options.timeout, signal }, (event) =>
    print(terminal, eventText(event, terminal.colors)),
  );
}

/** What is wrong, as far as it can be found out. */
async function adviceOf(
  { interrupts }: Context,
  file: ProtocolFile,
  outcome: Outcome,
  { target, diagnose: isWanted, ...options }: TryCommandOptions,
): Promise<string[]> {
  const { kind } = outcome.end;
  const head = `does not fit: ${endText(outcome)}`;
  const hints = hintsOf(outcome).map((hint) => `  ${hint}`);
  const isRefusal = kind === 'finished' || kind === 'unreachable';
  if (!isWanted || isRefusal) return [head, ...hints];
  const { signal } = interrupts;
  const changes = await diagnose(file, target, { ...options, timeoutMs: options.timeout, signal });
  const found =
    changes.length === 0
      ? ['  none of the usual mistakes, undone alone, makes it fit']
      : changes.map((change) => `  it fits with ${change}`);
  return [head, ...hints, ...found];
}

function endText({ end, waitsFor, errors }: Outcome): string {
  const due = waitsFor[0] ?? 'a message';
  switch (end.kind) {
    case 'finished':
      return `${errors} of the answers report an error`;
    case 'unreachable':
      return end.reason;
    case 'unexpected':
      return end.incoming.detail;
    case 'silent':
      return `no answer of ${due} in time`;
    case 'closed':
      return `${end.reason} before the answer of ${due}`;
  }
}

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number, ${least} to ${most}`);
  };
}

/** `host:port`, `[::1]:port` */
function readTarget(text: string): TryTarget {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(portText);
  if (host !== undefined && port >= 1 && port <= MAX_PORT) return { host, port };
  throw new InvalidArgumentError('expected host:port, for example 127.0.0.1:7777');
}
