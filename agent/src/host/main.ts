// The host process: loads native code, so that its crash ends one run and not the agent.
import { loadEngine } from '../engine.ts';
import { messageOf } from '../log.ts';
import { systemClock } from './clock.ts';
import type { FromHost, ToHost } from './messages.ts';
import { Runner } from './runner.ts';

let runner: Runner | undefined;
let stopping = false;

function send(message: FromHost): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('a host process is forked by an agent');
    process.send(message, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Sends the last word and leaves: the engine has joined its threads by then, or has failed. */
async function leave(message: FromHost): Promise<void> {
  await send(message);
  process.exit(0);
}

async function handle(message: ToHost): Promise<void> {
  switch (message.kind) {
    case 'capabilities': {
      const engine = await loadEngine(message.engine);
      const capabilities = engine.capabilities();
      return leave({ kind: 'capabilities', capabilities, addonVersion: engine.version });
    }
    case 'prepare': {
      const engine = await loadEngine(message.engine);
      if (stopping) return;
      runner = new Runner(engine, message, systemClock, (each) => void send(each));
      return send({ kind: 'prepared', port: runner.prepare() });
    }
    case 'start': {
      if (runner === undefined) throw new Error('start before prepare');
      const result = await runner.run(message.startAtMachineMs, message.endpoint);
      return leave({ kind: 'finished', result });
    }
    case 'stop':
      stopping = true;
      await runner?.stop();
      return leave({ kind: 'stopped' });
  }
}

process.on('message', (message: ToHost) => {
  handle(message).catch((error: unknown) => {
    // A run that is being stopped rejects, as it should; `stop` itself says how that went.
    if (stopping && message.kind !== 'stop') return;
    void leave({ kind: 'failed', reason: messageOf(error) });
  });
});

// The agent is gone (killed, crashed): nobody would ever end or report this run.
process.on('disconnect', () => process.exit(0));
