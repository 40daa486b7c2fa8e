import { writeRefusal } from './write-refusal.ts';

/** What an agent has made of its own keys in Redis is not what they are for. */
export class UnusableAgentKeys extends Error {
  override readonly name = 'UnusableAgentKeys';
  readonly agentId: string;

  constructor(agentId: string, cause: Error) {
    super(`the keys of ${agentId} in Redis cannot be used: ${cause.message}`, { cause });
    this.agentId = agentId;
  }
}

/** Codes with which Redis says that a command does not fit the value of its key. */
const OF_VALUES = /^(ERR|WRONGTYPE) /;

/**
 * A command or script that has to do with the keys of one agent alone. Throws UnusableAgentKeys if it
 * failed because of what is in them, so that the agent is no trouble for others.
 */
export async function withKeysOf<T>(agentId: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ReplyError') throw error;
    if (!OF_VALUES.test(error.message) || writeRefusal(error) !== null) throw error;
    throw new UnusableAgentKeys(agentId, error);
  }
}
