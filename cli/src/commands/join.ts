import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join as joinPath, resolve } from 'node:path';
import { readIdentity, writeIdentity } from '@oversoak/agent/identity/identity-file';
import { type AgentIdentity, requireEncryptedApi } from '@oversoak/contracts';
import { Command } from 'commander';
import { join, readJoinLink } from '../api/join.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun, messageOf, systemReason } from '../shell/failure.ts';
import { replaceable } from '../shell/replace-file.ts';
import { print } from '../shell/terminal.ts';

/** Where `agent join` writes and `agent run` reads unless told otherwise. */
export function defaultIdentityFile(): string {
  return joinPath(homedir(), '.oversoak', 'agent-identity.json');
}

export function joinCommand(context: Context): Command {
  return new Command('join')
    .description('join a cluster: exchange a link, once, for the identity of this agent')
    .argument('<link>', 'as "oversoak agents enrol" printed it')
    .option('--identity <file>', `the file to write; default: ${defaultText()}`)
    .action(async (text: string, { identity }: { identity?: string }) => {
      const link = readJoinLink(text);
      // The token would cross the network, and the identity.
      requireEncryptedApi(link.url, context.config.plaintext());
      const file = resolve(identity ?? defaultIdentityFile());
      const agentId = link.token.split('_')[1] ?? '';
      // Before the exchange, because the link works once.
      refuseOther(file, agentId);
      await requireWritable(file);
      const joined = await join(link);
      await writeIdentity(file, joined);
      print(context.terminal, joinedText(joined, file));
      context.exitCode = EXIT.passed;
    });
}

/** As the help has it, for every user. */
function defaultText(): string {
  return '.oversoak/agent-identity.json in your home folder';
}

function refuseOther(file: string, agentId: string): void {
  if (!existsSync(file)) return;
  const other = identityAt(file).agentId;
  if (other === agentId) return;
  throw new CannotRun(
    `${file} is the identity of ${other}; for another agent on this machine: --identity FILE`,
  );
}

/** Also makes the folder. */
async function requireWritable(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await replaceable(file);
  } catch (error) {
    throw new CannotRun(
      `cannot write "${file}": ${systemReason(error)}; the link was not used: --identity FILE`,
    );
  }
}

/** @throws CannotRun */
export function identityAt(file: string): AgentIdentity {
  try {
    return readIdentity(file);
  } catch (error) {
    throw new CannotRun(messageOf(error));
  }
}

const PROTECTION =
  process.platform === 'win32'
    ? 'the rights of its folder protect it (in your profile: you, administrators and the system)'
    : 'only its owner may read it';

export function joinedText(
  { agentId, address, labels, targets, telemetry }: AgentIdentity,
  file: string,
): string {
  const labelText = Object.entries(labels)
    .map((label) => label.join('='))
    .join(', ');
  return [
    `Joined as ${agentId}, at ${address}.`,
    `Its fleets may load ${targets.join(', ') || 'no target'}, and servers of their own runs.`,
    ...(labelText === '' ? [] : [`Labels: ${labelText}`]),
    ...(telemetry === undefined
      ? []
      : [`Telemetry (${telemetry.signals.join(', ')}) goes to ${telemetry.url}.`]),
    `Identity: ${file}; ${PROTECTION}`,
    '',
    `  oversoak agent run --identity ${file}`,
  ].join('\n');
}
