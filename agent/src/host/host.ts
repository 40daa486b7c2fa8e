import { messageOf } from '../log/log.ts';
import { systemClock } from './clock.ts';
import { loadEngine } from './engine.ts';
import type { Javascript } from './javascript.ts';
import type { FromHost, ToHost } from './messages.ts';
import { Runner } from './runner.ts';
import { systemResolve } from './target-address.ts';

/** The channel back to the agent. */
export interface HostPort {
  send(message: FromHost): Promise<void>;
  /** Sends the last message; the host exits after it. */
  leave(message: FromHost): Promise<void>;
}

/** Handles the agent's messages in the host process. */
export class Host {
  readonly #port: HostPort;
  readonly #javascript: Javascript;
  #runner: Runner | undefined;
  #stopping = false;

  /** `javascript`: the JavaScript heap of this process, if a server has the process to itself. */
  constructor(port: HostPort, javascript: Javascript) {
    this.#port = port;
    this.#javascript = javascript;
  }

  async take(message: ToHost): Promise<void> {
    try {
      await this.#handle(message);
    } catch (error) {
      // A run that is being stopped rejects, as expected; `stop` itself reports the outcome.
      if (this.#stopping && message.kind !== 'stop') return;
      await this.#port.leave({ kind: 'failed', reason: messageOf(error) });
    }
  }

  async #handle(message: ToHost): Promise<void> {
    switch (message.kind) {
      case 'capabilities': {
        const engine = await loadEngine(message.engine);
        const capabilities = engine.capabilities();
        const addonVersion = engine.version;
        return this.#port.send({ kind: 'capabilities', capabilities, addonVersion });
      }
      case 'prepare': {
        const engine = await loadEngine(message.engine);
        if (this.#stopping) return;
        const emit = (each: FromHost) => void this.#port.send(each);
        this.#runner = new Runner(
          engine,
          message,
          { clock: systemClock, javascript: this.#javascript, resolve: systemResolve },
          emit,
        );
        const port = await this.#runner.prepare();
        if (this.#stopping) return;
        return this.#port.send({ kind: 'prepared', port });
      }
      case 'start': {
        if (this.#runner === undefined) throw new Error('start before prepare');
        const result = await this.#runner.run(message.startAtMachineMs, message.endpoint);
        return this.#port.leave({ kind: 'finished', result });
      }
      case 'probe': {
        const { runProbe } = await loadEngine(message.engine);
        await this.#port.send({ kind: 'probing' });
        const answer = (await runProbe?.(message.name)) ?? null;
        return this.#port.send({ kind: 'probed', answer });
      }
      case 'stop':
        this.#stopping = true;
        await this.#runner?.stop();
        return this.#port.leave({ kind: 'stopped' });
    }
  }
}
