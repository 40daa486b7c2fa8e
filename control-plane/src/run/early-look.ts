import {
  type Check,
  type ErrorClass,
  isErrorThreshold,
  type Sample,
  type Threshold,
} from '@oversoak/contracts';
import { behindOthers } from '../judge/behind-others.ts';
import { findInWindow } from '../judge/checks.ts';
import { disturbedUpTo } from '../judge/disturbed.ts';
import { errorCount, lateAmong } from '../judge/error-metric.ts';
import { addedUp, NO_ERRORS } from '../judge/figures.ts';
import { isSaturated } from '../judge/saturation.ts';
import { countText, spanText } from '../judge/text.ts';
import { plannedWindows } from '../judge/windows.ts';
import { type Member, memberKey, type RunRecord } from '../model/run-record.ts';
import { type ClosedWindow, EarlyWindows } from './early-windows.ts';

/** A threshold that was missed while the run was in progress. */
export interface EarlyMiss {
  reason: string;
  check: Check;
}

type LookedAt = Pick<RunRecord, 'epoch' | 'gang' | 'phases'>;

/**
 * Evaluates the `abort` thresholds of one run against its samples. It performs no IO and is
 * deterministic: the same samples in the same order give the same answer.
 */
export class EarlyLook {
  readonly #epoch: number;
  readonly #thresholds: readonly Threshold[];
  readonly #windows: Map<number, EarlyWindows>;
  readonly #errors: EarlyErrors;
  readonly #phases: LookedAt['phases'];

  constructor({ epoch, gang, phases }: LookedAt, thresholds: readonly Threshold[]) {
    this.#epoch = epoch;
    this.#phases = phases;
    this.#thresholds = thresholds.filter(({ abort }) => abort);
    this.#errors = new EarlyErrors(gang);
    const { rampUpSeconds, warmUpSeconds, measureSeconds } = phases;
    const startSeconds = rampUpSeconds + warmUpSeconds;
    this.#windows = new Map(
      this.#thresholds.flatMap(({ everySeconds }) => {
        if (everySeconds === null) return [];
        return [
          [
            everySeconds,
            new EarlyWindows(gang, everySeconds, startSeconds, measureSeconds),
          ] as const,
        ];
      }),
    );
  }

  /** The first miss in this sample, or null. */
  take(sample: Sample): EarlyMiss | null {
    if (sample.epoch !== this.#epoch) return null;
    this.#errors.take(sample);
    const misses = this.#thresholds
      .filter(({ everySeconds }) => everySeconds === null)
      .flatMap((threshold) => this.#tooMany(threshold, sample));
    for (const [everySeconds, windows] of this.#windows) {
      const closed = windows.take(sample);
      if (closed === null) continue;
      const alike = this.#thresholds.filter((each) => each.everySeconds === everySeconds);
      const planned = plannedWindows(everySeconds, this.#phases);
      misses.push(...alike.flatMap((threshold) => missedIn(threshold, closed, planned, sample)));
    }
    return misses[0] ?? null;
  }

  #tooMany(threshold: Threshold, sample: Sample): EarlyMiss[] {
    const errors = this.#errors.counts();
    const count = errorCount(threshold.metric, errors);
    const sure = count - lateAmong(threshold.metric, errors, this.#errors.behindOthers());
    // Counts never fall, so only an upper limit can be decided before the end of the run.
    const over = threshold.operator === '<' ? sure >= threshold.limit : sure > threshold.limit;
    return over ? [missOf(threshold, countText(count), sample)] : [];
  }
}

function missedIn(
  threshold: Threshold,
  closed: ClosedWindow,
  windows: number,
  sample: Sample,
): EarlyMiss[] {
  // The duration of the fleet's disturbances is not known yet.
  const disturbed = disturbedUpTo(closed.load.disturbed, Number.POSITIVE_INFINITY);
  const { load, errors, behindOthers, latency, lateness } = closed;
  // The fleet left out so much itself that only errors are the server's.
  if (isSaturated(load) && !isErrorThreshold(threshold)) return [];
  const window = {
    load,
    errors,
    behindOthers,
    // Whether they come is open.
    lateByOthers: behindOthers,
    latency: () => latency,
    disturbed: () => disturbed,
    lateness: () => lateness,
  };
  const { outcome, text } = findInWindow(threshold, window, windows);
  return outcome === 'missed' ? [missOf(threshold, `${text} ${spanText(closed)}`, sample)] : [];
}

function missOf(
  { metric, text, everySeconds }: Threshold,
  actual: string,
  sample: Sample,
): EarlyMiss {
  const after = `${sample.sinceStartSeconds.toFixed(1)} s after its start`;
  return {
    reason: `${metric} is ${actual}, wanted ${text}: the run was ended ${after}`,
    check: {
      threshold: text,
      outcome: 'missed',
      actual,
      ...(everySeconds === null ? {} : { windows: { judged: 1, missed: 1, undecided: 0 } }),
    },
  };
}

/** A fleet has reported all intended resets of a moment once it has reported this much later. */
const RESETS_SETTLE_SECONDS = 1;

/** Errors of a run as its members last reported them. */
class EarlyErrors {
  readonly #fleets: string[];
  readonly #latest = new Map<string, Sample>();
  /** Resets that the server had seen, not all of them answered by every fleet yet. */
  readonly #resets: { atSeconds: number; count: number }[] = [];

  constructor(gang: readonly Member[]) {
    this.#fleets = gang.filter(({ role }) => role === 'fleet').map(memberKey);
  }

  take(sample: Sample): void {
    this.#latest.set(memberKey(sample), sample);
    if (sample.server === undefined) return;
    const { peerReset } = sample.server.errors;
    this.#resets.push({ atSeconds: sample.sinceStartSeconds, count: peerReset });
    // Samples are cumulative: the last one that every fleet has reported is enough.
    const answered = this.#resets.findLastIndex(({ atSeconds }) => this.#isAnswered(atSeconds));
    this.#resets.splice(0, Math.max(0, answered));
  }

  counts(): Record<ErrorClass, number> {
    const samples = [...this.#latest.values()];
    const sums = addedUp(
      samples.map(({ fleet, server }) => ({ ...fleet?.errors, ...server?.errors })),
    );
    return { ...NO_ERRORS, ...sums, peerReset: this.#unmeantResets() };
  }

  /** Echoes that may come too late because another fleet stood still; whether they come is open. */
  behindOthers(): number {
    const samples = [...this.#latest.values()];
    return behindOthers(samples.flatMap(({ fleet }) => fleet?.measured.load ?? []));
  }

  #isAnswered(atSeconds: number): boolean {
    const fleets = this.#fleets.map((key) => this.#latest.get(key));
    const reported = Math.min(...fleets.map((sample) => sample?.sinceStartSeconds ?? 0));
    return atSeconds <= reported - RESETS_SETTLE_SECONDS;
  }

  #unmeantResets(): number {
    const last = this.#resets.findLast(({ atSeconds }) => this.#isAnswered(atSeconds));
    if (last === undefined) return 0;
    const fleets = this.#fleets.map((key) => this.#latest.get(key));
    const meant = fleets.reduce((sum, sample) => sum + (sample?.fleet?.sessions.aborts ?? 0), 0);
    return Math.max(0, last.count - meant);
  }
}
