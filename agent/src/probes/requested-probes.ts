import { PROBES, type Probe, type ProbeAnswer, unsupportedAnswer } from '@oversoak/contracts';
import { Deadline } from '../host/deadline.ts';
import type { ForkHost } from '../host/host-process.ts';
import { log, messageOf } from '../log/log.ts';
import { ProbeRound } from './probe-round.ts';
import type { ProbeStore } from './probe-store.ts';

/** The next run of a soak starts soon after the previous one; no probe begins between the two. */
const QUIET_MS = 3_000;

export interface RequestedProbesDeps {
  engine: string;
  fork: ForkHost;
  store: Pick<ProbeStore, 'requested' | 'drop' | 'note'>;
  answered(answer: ProbeAnswer): void;
  nowMs(): number;
  quietMs?: number;
}

/**
 * Answers probe requests, one at a time. A probe would disturb a run's measurement, and a run
 * should not wait for a probe. Probes therefore begin only while the agent has no run, and a
 * running probe is stopped when a run arrives and starts again afterwards.
 */
export class RequestedProbes {
  readonly #context: RequestedProbesDeps;
  readonly #quiet = new Deadline();
  #runsHere = false;
  #stopped = false;
  #lookAgain = false;
  #working = false;
  #idle: Promise<void> = Promise.resolve();
  #round: ProbeRound | null = null;
  #running: Probe | null = null;

  constructor(context: RequestedProbesDeps) {
    this.#context = context;
  }

  /** Checks for new requests. */
  look(): void {
    this.#lookAgain = true;
    if (!this.#working) this.#idle = this.#work();
  }

  /** Reports whether the agent has runs, in any state. */
  hasRuns(has: boolean): void {
    if (has) {
      this.#runsHere = true;
      this.#quiet.cancel();
      this.#round?.stop();
    } else {
      this.#quiet.arm(this.#context.quietMs ?? QUIET_MS, () => {
        this.#runsHere = false;
        this.look();
      });
    }
  }

  /** Stops the running probe; requests remain. Resolves when no host process is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#quiet.cancel();
    this.#round?.stop();
    await this.#idle;
  }

  get #mayWork(): boolean {
    return !this.#stopped && !this.#runsHere;
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#lookAgain) {
      this.#lookAgain = false;
      try {
        const names = await this.#toAnswer();
        if (names.length === 0 || !this.#mayWork) continue;
        await this.#answer(names);
        // Requests that arrived meanwhile are found by the next look.
        this.#lookAgain = true;
      } catch (error) {
        // Looked at again when Redis is back.
        log('warn', 'probe requests could not be read', { reason: messageOf(error) });
      }
    }
    this.#working = false;
  }

  async #toAnswer(): Promise<string[]> {
    if (!this.#mayWork) return [];
    const { store } = this.#context;
    const requested = new Set(await store.requested());
    const known = PROBES.map(({ name }) => name).filter((name) => requested.delete(name));
    await store.drop([...requested]);
    return known;
  }

  async #answer(names: readonly string[]): Promise<void> {
    const { engine, fork, store, answered, nowMs } = this.#context;
    this.#round = new ProbeRound(names, {
      engine,
      fork,
      started: (probe) => {
        this.#running = probe;
        store.note(probe.name, nowMs());
      },
      answered: (probe, answer) => {
        this.#running = null;
        answered(answer ?? unsupportedAnswer(probe, 'the engine of this agent has no probes'));
      },
    });
    await this.#round.over;
    this.#round = null;
    if (this.#running !== null) store.note(this.#running.name, null);
    this.#running = null;
  }
}
