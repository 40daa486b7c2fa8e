import { ACCESS_ROLES, type AccessRole, MAX_TOKEN_DAYS } from '@oversoak/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print, warn } from '../shell/terminal.ts';
import { tokensTable } from '../view/tokens-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type CreateOptions = ApiOptions & { role: AccessRole; days: number };

function readDays(text: string): number {
  const days = /^\d+$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MAX_TOKEN_DAYS) return days;
  throw new InvalidArgumentError(`it must be a whole number from 1 to ${MAX_TOKEN_DAYS}`);
}

export function tokensCommand(context: Context): Command {
  const { config, terminal } = context;
  const role = new Option('--role <role>', 'what it allows; each role includes the one before it')
    .choices(ACCESS_ROLES)
    .makeOptionMandatory();
  const create = withApiOptions(
    new Command('create')
      .description('create a token for the API and print it, this once')
      .argument('<name>', 'who or what it is for')
      .addOption(role)
      .option('--days <number>', 'days until it expires', readDays, 90),
  ).action(async (name: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<CreateOptions>();
    const { role, days: expiresInDays } = options;
    const client = openClient(options, config);
    const { token, id, expiresAtMs } = await client.createToken({ name, role, expiresInDays });
    // The token alone is on standard output, so that a script can keep it.
    print(terminal, token);
    const until = expiresAtMs === null ? '' : ` until ${new Date(expiresAtMs).toISOString()}`;
    warn(
      terminal,
      `It is shown this once (role ${role}${until}). Revoke it: oversoak tokens revoke ${id}`,
    );
    context.exitCode = EXIT.passed;
  });
  const list = withApiOptions(new Command('list').description('list the tokens')).action(
    async (_: unknown, command: Command) => {
      const client = openClient(command.optsWithGlobals<ApiOptions>(), config);
      print(terminal, tokensTable(await client.tokens(), Date.now(), terminal.colors));
      context.exitCode = EXIT.passed;
    },
  );
  const revoke = withApiOptions(
    new Command('revoke')
      .description('revoke a token: the API refuses it from now on')
      .argument('<id>', 'of the token, as `oversoak tokens list` shows it'),
  ).action(async (id: string, _: unknown, command: Command) => {
    const client = openClient(command.optsWithGlobals<ApiOptions>(), config);
    const tokenId = await client.tokenIdOf(id);
    await client.revokeToken(tokenId);
    print(terminal, `Revoked ${tokenId}.`);
    context.exitCode = EXIT.passed;
  });
  return withApiOptions(new Command('tokens'))
    .addCommand(create)
    .addCommand(list)
    .addCommand(revoke);
}
