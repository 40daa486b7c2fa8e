import { inconclusiveAnswer, PROBES, type ProbeAnswer } from '@oversoak/contracts';
import { machineMs } from '../host/clock.ts';
import type { ForkHost } from '../host/host-process.ts';
import { ProbeRound } from './probe-round.ts';

const QUICK = PROBES.filter(({ quick }) => quick);

/** The quick probes take seconds. Even if one hangs, the agent registers after this time. */
const QUICK_MS = 30_000;

export interface TimedAnswer {
  answer: ProbeAnswer;
  /** See `machineMs` in host/clock.ts; Redis time is not yet known at the registration. */
  atMachineMs: number;
}

/**
 * Runs the quick probes before the agent registers and returns an answer for each; none if the
 * engine has no probes. A claim that does not hold is tested once more, because its notifier stays
 * withdrawn for the life of the agent. If no time is left for that, the first answer counts.
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
    const why = `not tried: the quick probes have ${withinMs / 1000} s before a registration`;
    return { answer: inconclusiveAnswer(probe, why, 0), atMachineMs: machineMs() };
  });
}

/** Pure: combines two answers for a claim that did not hold at first. */
export function triedAgain(first: ProbeAnswer, second: ProbeAnswer): ProbeAnswer {
  if (second.outcome === 'does-not-hold') return second;
  const note = `at first it did not hold (${first.note}); second try: ${second.outcome}`;
  return { ...first, outcome: 'inconclusive', note };
}
