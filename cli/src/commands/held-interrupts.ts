import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { warn } from '../shell/terminal.ts';

const WAITING = 'Waiting for the API to say which soak it is (Ctrl-C again: stop at once) ...';

/**
 * Holds an interrupt back while a request creates a soak: a command that ended there would leave a
 * soak that runs and of which nobody has seen the id. A second one ends the process.
 */
export class HeldInterrupts {
  readonly #answered = new AbortController();
  #pressed = false;

  constructor({ interrupts, terminal }: Pick<Context, 'interrupts' | 'terminal'>) {
    const end = () => process.exit(EXIT.noVerdict);
    const wait = () => warn(terminal, WAITING);
    interrupts.install();
    interrupts.onForce(end);
    interrupts.signal.addEventListener('abort', wait, { signal: this.#answered.signal });
    // Where nobody can be asked, Ctrl-C is an abort, as SIGTERM is.
    if (terminal.ask === null) return;
    interrupts.onCtrlC(() => {
      if (this.#pressed) end();
      this.#pressed = true;
      wait();
    });
  }

  /** Call when the request is over. @returns whether Ctrl-C still waits for its question */
  release(): boolean {
    this.#answered.abort();
    return this.#pressed;
  }
}
