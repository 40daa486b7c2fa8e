// Entry point of the host process. It loads the native addon, so that a crash ends one run and not
// the agent.
import { Host } from './host.ts';
import { killOwnGroup } from './host-group.ts';
import { v8 } from './javascript.ts';
import type { FromHost, ToHost } from './messages.ts';

function send(message: FromHost): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('a host process is forked by an agent');
    process.send(message, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

const host = new Host(
  {
    send,
    // By now the engine has joined its threads or has failed.
    leave: async (message) => {
      await send(message);
      process.exit(0);
    },
  },
  v8(),
);

process.on('message', (message: ToHost) => void host.take(message));

// On Windows, Ctrl-C in the agent's console reaches its hosts too; the agent ends them in order.
process.on('SIGINT', () => undefined);

// The agent was killed or has crashed, so nobody can end or report this run, or what a plug-in forked.
process.on('disconnect', () => {
  killOwnGroup();
  process.exit(0);
});
