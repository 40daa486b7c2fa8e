import { inconclusiveAnswer, PROBES, type ProbeAnswer } from '@oversoak/contracts';
import { machineMs } from '../host/clock.ts';
import type { ForkHost } from '../host-process.ts';
import { ProbeRound } from './probe-round.ts';

const QUICK = PROBES.filter(({ quick }) => quick);

/** All of them take seconds. Whatever hangs, an agent registers after this. */
const QUICK_MS = 30_000;

export interface TimedAnswer {
  answer: ProbeAnswer;
  /** As `machineMs` of host/clock.ts, for at a registration there is no Redis time yet. */
  atMachineMs: number;
}

/**
 * The probes that an agent runs before it registers. What does not hold is tried once more, for a
 * notifier that is withdrawn stays so as long as the agent lives; without time for it, it stands.
 */
export class QuickProbes {
  /** Resolves with an answer of each; with none where the engine has no probes. */
  readonly answers: Promise<TimedAnswer[]>;
  readonly #fork: ForkHost;
  readonly #engine: string;
  readonly #known = new Map<string, TimedAnswer | null>();
  #round: ProbeRound | null = null;
  #stopped = false;

  constructor(fork: ForkHost, engine: string, withinMs = QUICK_MS) {
    this.#fork = fork;
    this.#engine = engine;
    this.answers = this.#tryAll(withinMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#round?.stop();
  }

  async #tryAll(withinMs: number): Promise<TimedAnswer[]> {
    const bound = setTimeout(() => this.stop(), withinMs);
    await this.#try(
      QUICK.map(({ name }) => name),
      (_, answer) => answer,
    );
    const failed = [...this.#known.values()].flatMap((timed) =>
      timed?.answer.outcome === 'does-not-hold' ? [timed.answer.name] : [],
    );
    await this.#try(failed, triedAgain);
    clearTimeout(bound);
    return QUICK.flatMap((probe) => {
      const timed = this.#known.get(probe.name);
      if (timed !== undefined) return timed ?? [];
      const why = `not tried: at a registration the quick probes have ${withinMs / 1000} s`;
      return { answer: inconclusiveAnswer(probe, why, 0), atMachineMs: machineMs() };
    });
  }

  async #try(names: readonly string[], merge: typeof triedAgain): Promise<void> {
    if (this.#stopped || names.length === 0) return;
    this.#round = new ProbeRound(names, {
      fork: this.#fork,
      engine: this.#engine,
      answered: ({ name }, answer) => {
        const merged = answer && merge(this.#known.get(name)?.answer ?? answer, answer);
        this.#known.set(name, merged && { answer: merged, atMachineMs: machineMs() });
      },
    });
    await this.#round.over;
  }
}

/** Pure: what is known of a claim that did not hold, once it was tried again. */
export function triedAgain(first: ProbeAnswer, second: ProbeAnswer): ProbeAnswer {
  if (second.outcome === 'does-not-hold') return second;
  const note = `at first it did not hold (${first.note}); tried again: ${second.outcome}`;
  return { ...first, outcome: 'inconclusive', note };
}
