import type { ApiClient } from '../api/client.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import type { Interrupts } from '../shell/interrupts.ts';
import { type Ask, print, type Terminal, warn } from '../shell/terminal.ts';
import type { ProgressView } from '../view/progress-view.ts';

const QUESTION =
  'Cancel the soak (c), leave it running and detach (d), or go on watching (Enter)? ';

/** A gang ends within two seconds of a cancel; the runs that wait and the verdicts come on top. */
const CANCEL_MS = 15_000;

export type Choice = 'cancel' | 'detach' | 'watch';

/** Undefined: not one of the answers. Nothing at all (a second Ctrl-C) is the safe way out. */
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

/** The cancel was asked for, and the soak's end was not seen in time. */
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

/** What Ctrl-C does while a soak is watched on a terminal: asks what is meant, and does that. */
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

  get cancelAsked(): boolean {
    return this.#state === 'cancelling';
  }

  /** Ctrl-C. Once something was asked for, a second one detaches at once. */
  press(): void {
    const { interrupts } = this.#watched;
    if (this.#state !== 'watching') interrupts.abort('Ctrl-C');
    else this.#askUntilAnswered().catch((error: unknown) => this.#gaveUp.abort(error));
  }

  /** The soak is not watched any more: an open question is withdrawn. */
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
      return warn(terminal, `The cancel failed, and the soak goes on: ${messageOf(error)}`);
    }
    if (signal.aborted) return;
    const seconds = this.#cancelMs / 1_000;
    this.#timer = setTimeout(() => {
      const message = `${soakId} was told to end and has not within ${seconds} s`;
      this.#gaveUp.abort(new CancelOverdue(message));
    }, this.#cancelMs);
  }
}
