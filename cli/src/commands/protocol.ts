import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { protocolCheckCommand } from './protocol-check.ts';
import { protocolTryCommand } from './protocol-try.ts';

/** Descriptions of a user's own protocol. */
export function protocolCommand(context: Context): Command {
  return new Command('protocol')
    .addCommand(protocolCheckCommand(context))
    .addCommand(protocolTryCommand(context));
}
