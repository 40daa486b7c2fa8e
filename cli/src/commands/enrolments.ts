import {
  type EnrolmentRequest,
  type JoinToken,
  joinLink,
  SETTINGS,
  schemaProblems,
} from '@oversoak/contracts';
import { Command, InvalidArgumentError } from 'commander';
import { JOIN_MINUTES } from '../api/join.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print, warn } from '../shell/terminal.ts';
import { enrolmentsTable } from '../view/enrolments-table.ts';
import { type ApiOptions, apiAddress, openClient, withApiOptions } from './api-options.ts';

type TokenOptions = ApiOptions & { joinUrl?: string };
type EnrolOptions = TokenOptions & Omit<EnrolmentRequest, 'agentId'>;

/** The value of an option that is written as a setting is. */
function likeSetting<N extends 'OVERSOAK_ADVERTISE_HOST' | 'OVERSOAK_LABELS' | 'OVERSOAK_TARGETS'>(
  name: N,
) {
  const { kind } = SETTINGS[name];
  return (text: string) => {
    const value = kind.parse(text);
    if (schemaProblems(kind.schema, value).length === 0) return value;
    const found = kind.found(text);
    throw new InvalidArgumentError(
      `it must be ${kind.valid}${found === null ? '' : `, not ${found}`}`,
    );
  };
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('it must be an http:// or https:// URL');
}

const withJoinUrl = (command: Command) =>
  withApiOptions(command).option(
    '--join-url <url>',
    "the API as the agent's machine reaches it; default: as this command does",
    readUrl,
  );

/** What an operator does about agents that join: `oversoak agents enrol`, ... */
export function enrolmentCommands(context: Context): Command[] {
  const { config, terminal } = context;
  const printLink = (options: TokenOptions, token: JoinToken) => {
    // The link alone is on standard output, so that a script can pass it on.
    print(terminal, joinLink(options.joinUrl ?? apiAddress(options, config).url, token));
    const until = new Date(token.expiresAtMs).toISOString();
    warn(
      terminal,
      `On the machine of ${token.agentId}, once, within ${JOIN_MINUTES} minutes (until ${until}):\n` +
        '  oversoak agent join LINK',
    );
    context.exitCode = EXIT.passed;
  };

  const enrol = withJoinUrl(
    new Command('enrol')
      .description('print a link with which one machine may join as an agent')
      .argument('<id>', 'of the agent, one of its own in the cluster')
      .requiredOption(
        '--address <address>',
        'its address, at which fleets reach the servers that run there',
        likeSetting('OVERSOAK_ADVERTISE_HOST'),
      )
      .option(
        '--labels <labels>',
        'what a soak can ask for: name=value,...',
        likeSetting('OVERSOAK_LABELS'),
      )
      .option(
        '--targets <targets>',
        'servers that its fleets may load beside those of their runs: address[/bits][:port],...',
        likeSetting('OVERSOAK_TARGETS'),
      ),
  ).action(async (agentId: string, options: EnrolOptions) => {
    const { address, labels, targets } = options;
    const { OVERSOAK_LABELS, OVERSOAK_TARGETS } = SETTINGS;
    const token = await openClient(options, config).enrolAgent({
      ...{ agentId, address },
      labels: labels ?? OVERSOAK_LABELS.default,
      targets: targets ?? [...OVERSOAK_TARGETS.default],
    });
    printLink(options, token);
  });

  const rotate = withJoinUrl(
    new Command('rotate')
      .description('print a link for a new identity of an agent; it ends the one before')
      .argument('<id>', 'of the agent'),
  ).action(async (agentId: string, options: TokenOptions) => {
    printLink(options, await openClient(options, config).rotateAgent(agentId));
  });

  const revoke = withApiOptions(
    new Command('revoke')
      .description('end the identity of an agent: it loses its connections and its runs')
      .argument('<id>', 'of the agent'),
  ).action(async (agentId: string, options: ApiOptions) => {
    await openClient(options, config).revokeAgent(agentId);
    print(terminal, `Revoked ${agentId}.`);
    context.exitCode = EXIT.passed;
  });

  const enrolled = withApiOptions(
    new Command('enrolled').description('list the agents that have joined with an identity'),
  ).action(async (options: ApiOptions) => {
    const enrolments = await openClient(options, config).enrolments();
    print(terminal, enrolmentsTable(enrolments, terminal.colors));
    context.exitCode = EXIT.passed;
  });

  return [enrol, enrolled, rotate, revoke];
}
