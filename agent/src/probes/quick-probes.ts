import { inconclusiveAnswer, PROBES, type ProbeAnswer } from '@oversoak/contracts';
import { machineMs } from '../host/clock.ts';
import type { ForkHost } from '../host/host-process.ts';
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
 * The probes that an agent runs before it registers: an answer of each, and none where the engine
 * has no probes. What does not hold is tried once more, for a notifier that is withdrawn stays so
 * as long as the agent lives; without time for it, it stands.
 */
export async function quickProbes(
  fork: ForkHost,
  engine: string,
  withinMs = QUICK_MS,
): Promise<TimedAnswer[]> {
  const known = new Map<string, TimedAnswer | null>();
  let round: ProbeRound | null = null;
  let isOver = false;
  const bound = setTimeout(() => {
    isOver = true;
    round?.stop();
  }, withinMs);
  const tryThese = async (names: readonly string[], merge: typeof triedAgain) => {
    if (isOver || names.length === 0) return;
    const answered = ({ name }: { name: string }, answer: ProbeAnswer | null) => {
      const merged = answer && merge(known.get(name)?.answer ?? answer, answer);
      known.set(name, merged && { answer: merged, atMachineMs: machineMs() });
    };
    round = new ProbeRound(names, { fork, engine, answered });
    await round.over;
  };

  await tryThese(
    QUICK.map(({ name }) => name),
    (_, answer) => answer,
  );
  const failed = [...known.values()].flatMap((timed) =>
    timed?.answer.outcome === 'does-not-hold' ? [timed.answer.name] : [],
  );
  await tryThese(failed, triedAgain);
  clearTimeout(bound);
  return QUICK.flatMap((probe) => {
    const timed = known.get(probe.name);
    if (timed !== undefined) return timed ?? [];
    const why = `not tried: at a registration the quick probes have ${withinMs / 1000} s`;
    return { answer: inconclusiveAnswer(probe, why, 0), atMachineMs: machineMs() };
  });
}

/** Pure: what is known of a claim that did not hold, once it was tried again. */
export function triedAgain(first: ProbeAnswer, second: ProbeAnswer): ProbeAnswer {
  if (second.outcome === 'does-not-hold') return second;
  const note = `at first it did not hold (${first.note}); tried again: ${second.outcome}`;
  return { ...first, outcome: 'inconclusive', note };
}
