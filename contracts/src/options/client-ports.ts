import { type Static, Type } from 'typebox';

/** What an agent's machine has for the connections of its fleets. */
export const ClientPorts = Type.Object(
  {
    budget: Type.Integer({
      minimum: 0,
      description: 'client ports that its fleets may use at the same time',
    }),
    timeWaitSeconds: Type.Integer({
      minimum: 0,
      description: 'how long a connection that the fleet ended keeps its port (TIME_WAIT)',
    }),
  },
  { additionalProperties: false },
);
export type ClientPorts = Static<typeof ClientPorts>;

/** A fleet's connections, as far as they decide about ports. */
export interface Connections {
  sessions: number;
  disconnectsPerSecond: number;
  abortiveShare: number;
  /** From the first to the last disconnect. */
  churnSeconds: number;
}

export interface NeededPorts {
  ports: number;
  /** The sum, for an error. */
  text: string;
}

/**
 * Client ports that a fleet holds at its height. A port of a graceful disconnect stays in TIME_WAIT,
 * because the fleet closes first; a reset leaves none behind.
 */
export function neededPorts(fleet: Connections, timeWaitSeconds: number): NeededPorts {
  const { sessions, disconnectsPerSecond, abortiveShare, churnSeconds } = fleet;
  const graceful = disconnectsPerSecond * (1 - abortiveShare);
  const seconds = Math.min(churnSeconds, timeWaitSeconds);
  const waiting = Math.ceil(graceful * seconds);
  if (waiting === 0) return { ports: sessions, text: `${sessions} sessions` };
  const rate = Number(graceful.toPrecision(6));
  const rest = `${waiting} ports in TIME_WAIT (${rate} graceful disconnects/s × ${seconds} s)`;
  const ports = sessions + waiting;
  return { ports, text: `${sessions} sessions + ${rest} = ${ports} ports` };
}
