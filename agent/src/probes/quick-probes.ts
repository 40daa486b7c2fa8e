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

/** The probes that an agent runs before it registers. */
export class QuickProbes {
  readonly #answers = new Map<string, TimedAnswer | null>();
  readonly #round: ProbeRound;
  /** Resolves with an answer of each; with none where the engine has no probes. */
  readonly answers: Promise<TimedAnswer[]>;

  constructor(fork: ForkHost, engine: string, withinMs = QUICK_MS) {
    this.#round = new ProbeRound(
      QUICK.map(({ name }) => name),
      {
        fork,
        engine,
        answered: ({ name }, answer) => {
          this.#answers.set(name, answer && { answer, atMachineMs: machineMs() });
        },
      },
    );
    const bound = setTimeout(() => this.#round.stop(), withinMs);
    this.answers = this.#round.over.then(() => {
      clearTimeout(bound);
      return this.#all(withinMs);
    });
  }

  stop(): void {
    this.#round.stop();
  }

  #all(withinMs: number): TimedAnswer[] {
    return QUICK.flatMap((probe) => {
      const timed = this.#answers.get(probe.name);
      if (timed !== undefined) return timed ?? [];
      const why = `not tried: at a registration the quick probes have ${withinMs / 1000} s`;
      return { answer: inconclusiveAnswer(probe, why, 0), atMachineMs: machineMs() };
    });
  }
}
