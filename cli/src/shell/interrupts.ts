import { Interrupted } from './failure.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the first Ctrl-C (or SIGTERM, SIGHUP) into an abort and the second into a forced end. */
export class Interrupts {
  readonly #controller = new AbortController();
  #force: (() => void) | undefined;
  #ctrlC: (() => void) | undefined;
  #installed = false;

  readonly #handle = (name: string) => {
    if (this.#controller.signal.aborted) this.#force?.();
    if (name === 'SIGINT' && this.#ctrlC !== undefined) this.#ctrlC();
    else this.abort(name);
  };

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  install(): void {
    if (this.#installed) return;
    this.#installed = true;
    for (const name of SIGNALS) process.on(name, this.#handle);
    // A reader that closes the pipe (`oversoak demo | head`) must not leave a cluster behind.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.abort('a closed output');
    });
  }

  /** `cause`: the signal, or another way in which the user stopped the command. */
  abort(cause: string): void {
    this.#controller.abort(new Interrupted(cause));
  }

  /** Sets what Ctrl-C does instead of the abort; call without an argument to reset. */
  onCtrlC(action?: () => void): void {
    this.#ctrlC = action;
  }

  /** Sets what the second Ctrl-C does; it must be synchronous and end the process. */
  onForce(force: () => void): void {
    this.#force = force;
  }
}
