import type { ApiClient } from '../api/client.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import type { Interrupts } from '../shell/interrupts.ts';
import { type Ask, print, type Terminal, warn } from '../shell/terminal.ts';
import type { ProgressView } from '../view/progress-view.ts';

const QUESTION =
  'Cancel the soak (c), leave it running and detach (d), or continue watching (Enter)? ';

/** A gang ends within two seconds of a cancel; queued runs and verdicts take additional time. */
const CANCEL_MS = 15_000;

export type Choice = 'cancel' | 'detach' | 'watch';

/** Undefined: an invalid answer. No answer (a second Ctrl-C) means the safe choice. */
export function readChoice(answer: string | null): Choice | undefined {
  if (answer === null) return 'detach';
  switch (answer.trim().toLowerCase()) {
    case 'c':
    case 'cancel':
      return 'cancel';
    case 'd':
    case 'detach':
      return 'detach';
    case '':
      return 'watch';
    default:
      return undefined;
  }
}

/** The cancel was requested, but the soak did not end in time. */
export class CancelOverdue extends CannotRun {
  override name = 'CancelOverdue';
}

export interface Watched {
  soakId: string;
  client: Pick<ApiClient, 'cancel'>;
  view: Pick<ProgressView, 'pause' | 'resume'>;
  terminal: Terminal;
  interrupts: Pick<Interrupts, 'abort' | 'onCtrlC' | 'signal'>;
}

/** Handles Ctrl-C while a soak is watched on a terminal: asks what to do, and does it. */
export class CtrlCQuestion {
  readonly #watched: Watched;
  readonly #ask: Ask;
  readonly #cancelMs: number;
  readonly #gaveUp = new AbortController();
  readonly #over = new AbortController();
  #state: 'watching' | 'asking' | 'cancelling' = 'watching';
  #timer: NodeJS.Timeout | undefined;

  constructor(watched: Watched, ask: Ask, cancelMs: number = CANCEL_MS) {
    this.#watched = watched;
    this.#ask = ask;
    this.#cancelMs = cancelMs;
    watched.interrupts.onCtrlC(() => this.press());
  }

  /** Aborted with a `CancelOverdue` when a soak that was cancelled here does not end. */
  get gaveUp(): AbortSignal {
    return this.#gaveUp.signal;
  }

  get isCancelling(): boolean {
    return this.#state === 'cancelling';
  }

  /** Ctrl-C. While the question is open or a cancel is in progress, it detaches at once. */
  press(): void {
    const { interrupts } = this.#watched;
    if (this.#state !== 'watching') interrupts.abort('Ctrl-C');
    else this.#askUntilAnswered().catch((error: unknown) => this.#gaveUp.abort(error));
  }

  /** Call when the soak is no longer watched; closes an open question. */
  end(): void {
    clearTimeout(this.#timer);
    this.#over.abort();
    this.#watched.interrupts.onCtrlC();
  }

  async #askUntilAnswered(): Promise<void> {
    const { view, interrupts, terminal } = this.#watched;
    this.#state = 'asking';
    view.pause();
    const signal = AbortSignal.any([this.#over.signal, interrupts.signal]);
    let choice: Choice | undefined;
    while (choice === undefined) {
      const answer = await this.#ask(QUESTION, signal);
      if (signal.aborted) return;
      choice = readChoice(answer);
    }
    if (choice === 'detach') {
      print(terminal, '');
      return interrupts.abort('Ctrl-C');
    }
    if (choice === 'cancel') await this.#cancel(signal);
    else this.#state = 'watching';
    if (!signal.aborted) view.resume();
  }

  async #cancel(signal: AbortSignal): Promise<void> {
    const { client, soakId, terminal } = this.#watched;
    this.#state = 'cancelling';
    print(terminal, `Cancelling ${soakId} (Ctrl-C again: detach) ...`);
    try {
      await client.cancel(soakId, signal);
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      this.#state = 'watching';
      return warn(terminal, `The cancel failed; the soak continues: ${messageOf(error)}`);
    }
    if (signal.aborted) return;
    const seconds = this.#cancelMs / 1_000;
    this.#timer = setTimeout(() => {
      const message = `${soakId} was cancelled but has not ended within ${seconds} s`;
      this.#gaveUp.abort(new CancelOverdue(message));
    }, this.#cancelMs);
  }
}
