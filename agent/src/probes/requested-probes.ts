import { PROBES, type Probe, type ProbeAnswer, unsupportedAnswer } from '@oversoak/contracts';
import { Deadline } from '../host/deadline.ts';
import type { ForkHost } from '../host/host-process.ts';
import { log, messageOf } from '../log/log.ts';
import { ProbeRound } from './probe-round.ts';
import type { ProbeStore } from './probe-store.ts';

/** The next run of a soak comes soon after the one before; probes do not begin between the two. */
const QUIET_MS = 3_000;

export interface RequestedProbesDeps {
  engine: string;
  fork: ForkHost;
  store: Pick<ProbeStore, 'asked' | 'drop' | 'note'>;
  answered(answer: ProbeAnswer): void;
  nowMs(): number;
  quietMs?: number;
}

/**
 * Answers what is asked, one probe at a time. A probe would disturb what a run measures, and a run
 * should not wait for one: probes begin while the agent has no run, and one that runs when a run
 * comes is ended and begun again afterwards.
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

  /** There may be something to answer. */
  look(): void {
    this.#lookAgain = true;
    if (!this.#working) this.#idle = this.#work();
  }

  /** Whether the agent has runs, in whatever state. */
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

  /** Ends what runs; what is asked stays asked. Resolves when no host process is left. */
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
        // What was asked meanwhile is found then.
        this.#lookAgain = true;
      } catch (error) {
        // Looked at again when Redis is back.
        log('warn', 'what probes are asked could not be read', { reason: messageOf(error) });
      }
    }
    this.#working = false;
  }

  async #toAnswer(): Promise<string[]> {
    if (!this.#mayWork) return [];
    const { store } = this.#context;
    const asked = new Set(await store.asked());
    const known = PROBES.map(({ name }) => name).filter((name) => asked.delete(name));
    await store.drop([...asked]);
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
