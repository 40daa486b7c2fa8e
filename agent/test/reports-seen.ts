import assert from 'node:assert/strict';
import { Report, type ReportKind } from '@oversoak/contracts';
import { Compile } from 'typebox/compile';

const schema = Compile(Report);
const PATIENCE_MS = 8_000;

/** Reports in the order in which they came; a test waits for one instead of for a time. */
export class ReportsSeen {
  readonly all: Report[] = [];
  readonly #waiting = new Set<() => void>();

  add(report: unknown): void {
    assert.ok(schema.Check(report), `not a report: ${JSON.stringify(schema.Errors(report)[0])}`);
    this.all.push(report);
    for (const look of this.#waiting) look();
  }

  of(runId: string): Report[] {
    return this.all.filter((report) => report.runId === runId);
  }

  kinds(runId: string): ReportKind[] {
    return this.of(runId).map((report) => report.kind);
  }

  /** The next report, whatever it is. */
  async next(): Promise<void> {
    const count = this.all.length;
    await this.#until(() => (this.all.length > count ? true : undefined), 'next report');
  }

  async wait<K extends ReportKind>(
    runId: string,
    kind: K,
    epoch = 1,
  ): Promise<Extract<Report, { kind: K }>> {
    return this.#until(
      () =>
        this.all.find(
          (each): each is Extract<Report, { kind: K }> =>
            each.runId === runId && each.kind === kind && each.epoch === epoch,
        ),
      `"${kind}" of ${runId}`,
    );
  }

  #until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        const found = find();
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        const seen = this.all.slice(-8).map((each) => `${each.runId} ${each.kind}`);
        reject(new Error(`no ${what}; the last were ${seen.join(', ')}`));
      }, PATIENCE_MS);
      this.#waiting.add(look);
      look();
    });
  }
}
