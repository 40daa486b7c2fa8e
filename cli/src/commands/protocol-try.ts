import type { Program } from '@oversoak/contracts/protocol/program';
import type { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';
import { amount } from '@oversoak/contracts/values/amount';
import { Command, InvalidArgumentError } from 'commander';
import { type Diagnosis, diagnose, togetherMs } from '../protocol/diagnose.ts';
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
    .option(
      '--timeout <ms>',
      'longest wait for each answer, whatever else comes',
      wholeNumber(1, 600_000),
      3000,
    )
    .option('--no-diagnose', 'if it does not fit, do not try what is usually wrong')
    .action(async (path: string, options: TryCommandOptions) => {
      const { program, file } = await readProtocol(path);
      context.interrupts.install();
      const outcome = await session(context, program, options);
      context.exitCode = fits(outcome) ? EXIT.passed : EXIT.failed;
      if (fits(outcome)) {
        print(context.terminal, `fits: ${amount(outcome.answers, 'answer')} as expected`);
      } else {
        await advise(context, file, outcome, options);
      }
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

/** Prints what is wrong, and then, which takes longer, what would make it fit. */
async function advise(
  { terminal, interrupts }: Context,
  file: ProtocolFile,
  outcome: Outcome,
  { target, diagnose: isWanted, ...options }: TryCommandOptions,
): Promise<void> {
  const { end } = outcome;
  const of = end.kind === 'unexpected' ? end.incoming.answers : null;
  const hints = hintsOf(outcome).map((hint) => `  ${hint}`);
  print(terminal, [`does not fit: ${endText(outcome)}`, ...hints].join('\n'));
  // No other description makes these fit.
  const isRefusal = end.kind === 'finished' || end.kind === 'unreachable' || of === 'answered';
  if (!isWanted || isRefusal) return;
  const session = { ...options, timeoutMs: options.timeout, signal: interrupts.signal };
  const seconds = togetherMs(options.timeout) / 1000;
  print(terminal, `  trying what is usually wrong, for ${seconds} s at the most`);
  const diagnosis = await diagnose(file, of === 'unsent', target, session);
  print(terminal, diagnosisText(diagnosis));
}

function diagnosisText({ changes, untried }: Diagnosis): string {
  if (changes.length > 0) return changes.map((change) => `  it fits with ${change}`).join('\n');
  return untried === 0
    ? '  none of the usual mistakes, undone alone, makes it fit'
    : `  none of those tried, undone alone, makes it fit; ${untried} could not be tried in this time: fewer --requests or a shorter --timeout take less`;
}

function endText({ end, waitsFor, errors, outOfOrder }: Outcome): string {
  const due = waitsFor[0] ?? 'a message';
  switch (end.kind) {
    case 'finished':
      return [
        ...(errors === 0
          ? []
          : [`${errors} of the answers ${errors === 1 ? 'reports' : 'report'} an error`]),
        ...(outOfOrder === 0 ? [] : [`${outOfOrder} of the answers came out of order`]),
      ].join(', ');
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
