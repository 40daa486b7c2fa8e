import { Interrupted } from './failure.ts';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the first Ctrl-C (or SIGTERM, SIGHUP) into an abort and the second into a forced end. */
export class Interrupts {
  readonly #controller = new AbortController();
  #force: (() => void) | undefined;
  #hurry: { action: () => void; withinMs: number } | undefined;
  #ctrlC: (() => void) | undefined;
  #installed = false;

  /** What a signal of the process does. */
  readonly received = (name: string) => {
    if (this.#controller.signal.aborted) this.#again();
    if (name === 'SIGINT' && this.#ctrlC !== undefined) this.#ctrlC();
    else this.abort(name);
  };

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the command stops in order when it is aborted. */
  get isInstalled(): boolean {
    return this.#installed;
  }

  install(): void {
    if (this.#installed) return;
    this.#installed = true;
    for (const name of SIGNALS) process.on(name, this.received);
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

  /** Sets what the second Ctrl-C does first; after that time, or at the third, the end is forced. */
  onHurry(action: () => void, withinMs: number): void {
    this.#hurry = { action, withinMs };
  }

  /** From now on the second Ctrl-C ends the process at once. */
  offHurry(): void {
    this.#hurry = undefined;
  }

  /** Ends the process as the second Ctrl-C does. */
  force(): void {
    this.#force?.();
  }

  #again(): void {
    const hurry = this.#hurry;
    this.#hurry = undefined;
    if (hurry === undefined) {
      this.force();
      return;
    }
    setTimeout(() => this.force(), hurry.withinMs).unref();
    hurry.action();
  }
}
