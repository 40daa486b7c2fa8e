import { Host, type HostPort } from '@oversoak/agent/host/host';
import type { ForkHost } from '@oversoak/agent/host/host-process';
import type { Javascript } from '@oversoak/agent/host/javascript';
import type { FromHost } from '@oversoak/agent/host/messages';

/** A process that is shared is left alone. */
const UNTOUCHED: Javascript = { collect: () => 0, shrink: () => 0 };

/**
 * A host without a process of its own, for engines that cannot crash: hundreds of agents in one
 * process then run all of an agent's code but the fork.
 */
export const forkInProcess: ForkHost = (listener) => {
  let over = false;
  // As over IPC: in order, and never inside the call that sent it.
  const deliver = (message: FromHost) => setImmediate(() => listener.onMessage(message));
  const exit = (code: number | null, signal: string | null) => {
    if (over) return;
    over = true;
    setImmediate(() => listener.onExit({ code, signal, stderrTail: '', leftOthers: false }));
  };
  const port: HostPort = {
    send: async (message) => {
      if (!over) deliver(message);
    },
    leave: async (message) => {
      if (!over) deliver(message);
      exit(0, null);
    },
  };
  const host = new Host(port, UNTOUCHED);
  return {
    pid: process.pid,
    send: (message) => setImmediate(() => void host.take(message)),
    kill: () => {
      exit(null, 'SIGKILL');
      // Nobody hears it any more; what it runs has to end all the same.
      void host.take({ kind: 'stop' });
    },
  };
};
