import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Report } from '@oversoak/contracts';
import type { Driver } from './driver.ts';
import type { ReportOutcome } from './report-step.ts';

interface WaitingReport {
  report: Report;
  decided(): void;
  settle: PromiseWithResolvers<ReportOutcome>;
}

/**
 * Gathers the reports of a run, whose gang prepares, starts and ends together: those that come while
 * others are stored are stored together. Each alone, they would be writers that compete for one record.
 */
export class GangReports {
  readonly #driver: Pick<Driver, 'report'>;
  /** By run, while reports of it are stored. */
  readonly #waiting = new Map<string, WaitingReport[]>();

  constructor(driver: Pick<Driver, 'report'>) {
    this.#driver = driver;
  }

  /**
   * Resolves when the report is refused, or when it is stored and what follows from it is done.
   * `decided`: called before it is stored.
   */
  take(report: Report, decided: () => void = () => undefined): Promise<ReportOutcome> {
    const settle = Promise.withResolvers<ReportOutcome>();
    const waiting = this.#waiting.get(report.runId);
    const one = { report, decided, settle };
    if (waiting !== undefined) waiting.push(one);
    else {
      this.#waiting.set(report.runId, [one]);
      void this.#work(report.runId);
    }
    return settle.promise;
  }

  async #work(runId: string): Promise<void> {
    // What was read together is taken in one turn of the event loop.
    await nextTurn();
    for (;;) {
      const all = this.#waiting.get(runId) ?? [];
      if (all.length === 0) break;
      this.#waiting.set(runId, []);
      await this.#store(runId, all);
    }
    this.#waiting.delete(runId);
  }

  async #store(runId: string, all: readonly WaitingReport[]): Promise<void> {
    try {
      const reports = all.map(({ report }) => report);
      const outcomes = await this.#driver.report(runId, reports, (at) => all[at]?.decided());
      for (const [at, { settle }] of all.entries()) settle.resolve(outcomes[at] ?? null);
    } catch (error) {
      for (const { settle } of all) settle.reject(error);
    }
  }
}
