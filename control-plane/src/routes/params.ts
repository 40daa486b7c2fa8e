import { Type } from 'typebox';

/** Ids in paths. A text that is no id of ours is answered as one that does not exist. */
const id = (example: string) => Type.String({ maxLength: 100, examples: [example] });

const ULID = '01k9x2m4qrs6tv8wxyz0123456';

export const SoakParams = Type.Object({ soakId: id(`soak-${ULID}`) });
export const RunParams = Type.Object({ runId: id(`run-${ULID}-1`) });
export const AgentParams = Type.Object({ agentId: id('agent-1') });
