import { PAGE } from '@oversoak/contracts';
import { Command } from 'commander';
import type { ApiClient } from '../api/client.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { isActive } from '../watch/progress.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type DrainOptions = ApiOptions & { end?: true };

export function drainCommand(context: Context): Command {
  return withApiOptions(
    new Command('drain')
      .argument('<agent>', 'its id, as `oversoak agents` shows it, or the beginning of it')
      .option('--end', 'end the drain: give it runs again'),
  ).action(async (id: string, options: DrainOptions) => {
    const client = openClient(options, context.config);
    const agentId = await client.agentIdOf(id);
    const end = options.end === true;
    await client.drain(agentId, end);
    print(
      context.terminal,
      end ? `${agentId} takes runs again.` : drainText(agentId, await heldRuns(client, agentId)),
    );
    context.exitCode = EXIT.passed;
  });
}

export function drainText(agentId: string, runIds: readonly string[]): string {
  const finishes = runIds.length === 0 ? 'has no runs' : `finishes ${runIds.join(', ')}`;
  return `${agentId} ${finishes} and takes no more; undo: oversoak drain ${agentId} --end`;
}

/**
 * The runs whose gangs include the agent. Stops searching soaks once all used slots of the agent
 * are accounted for.
 */
async function heldRuns(client: ApiClient, agentId: string): Promise<string[]> {
  const agent = (await client.agents()).find((each) => each.agentId === agentId);
  if (agent === undefined) throw new CannotRun(`${agentId} is draining but no longer registered`);
  const found = new Set<string>();
  let slots = 0;
  let cursor: string | null = null;
  while (slots < agent.slotsUsed) {
    const page: Awaited<ReturnType<ApiClient['soaks']>> = await client.soaks(PAGE.most, cursor, {
      state: 'running',
    });
    for (const { soakId } of page.soaks) {
      for (const run of (await client.soak(soakId)).runs) {
        const parts = run.gang.filter((member) => member.agentId === agentId);
        if (!isActive(run.state) || parts.length === 0) continue;
        found.add(run.runId);
        slots += parts.length;
      }
    }
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return [...found];
}
