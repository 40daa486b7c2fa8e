import type { FleetSnapshot, ServerSnapshot } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { type FleetRequest, type ServerRequest, startFleet, startServer } from '../src/index.ts';

export interface SoakFigures {
  fleet: FleetSnapshot;
  server: ServerSnapshot;
}

/**
 * A server and a fleet in this process until `sent` messages are sent, and `timed` echoes have a
 * latency, as those have not that a busy machine disturbs; the final figures.
 */
export async function soak(
  server: ServerRequest,
  fleet: Omit<FleetRequest, 'host' | 'port'>,
  sent: number,
  timed = 0,
): Promise<SoakFigures> {
  const { host = '127.0.0.1' } = server;
  const running = startServer({ ...server, host });
  try {
    const clients = startFleet({ host, port: running.port, ...fleet });
    try {
      // Those that no echo came back for may be disturbed as well.
      const enough = ({ ledger, measured: { load } }: FleetSnapshot) =>
        ledger.sent >= sent && load.echoed >= timed + Math.min(load.disturbed, load.echoed);
      await until(`${sent} messages sent`, () => enough(clients.snapshot()), 60_000).catch(
        (error: Error) => {
          const { measured: _, ...figures } = clients.snapshot();
          error.message += `: ${JSON.stringify({ ...figures, server: running.snapshot().sessions })}`;
          throw error;
        },
      );
    } finally {
      // Enough for what is on its way; what a fault has dropped never comes.
      await clients.stop({ drainSeconds: 2 });
    }
    await until('every session closed', () => running.snapshot().sessions.live === 0);
    return { fleet: clients.snapshot(), server: await running.stop() };
  } finally {
    await running.stop();
  }
}
