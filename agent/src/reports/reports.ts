import { Report, schemaProblems } from '@oversoak/contracts';
import { log, messageOf } from '../log/log.ts';
import type { Spool } from './spool.ts';

const RETRY_MS = 1_000;
const MAX_BACKLOG = 10_000;

export type Deliver = (jobId: string, report: Report) => Promise<unknown>;

/** `sequence` is null when the disk write failed; the report is then only in memory. */
interface Pending {
  sequence: number | null;
  report: Report | null;
}

/**
 * Reports on their way to the control plane: written to disk, delivered in order, and removed after
 * delivery. They survive a night without Redis and a restart of the agent.
 */
export class Reports {
  readonly counts = { delivered: 0, overflowed: 0, notSpooled: 0, unreadable: 0 };
  readonly #spool: Spool;
  readonly #deliver: Deliver;
  readonly #maxBacklog: number;
  readonly #pending: Pending[];
  #delivering: Promise<void> | null = null;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #away = false;

  constructor(spool: Spool, deliver: Deliver, maxBacklog = MAX_BACKLOG) {
    this.#spool = spool;
    this.#deliver = deliver;
    this.#maxBacklog = maxBacklog;
    this.#pending = spool.sequences().map((sequence) => ({ sequence, report: null }));
    if (this.#pending.length > 0) {
      log('info', 'found reports of an earlier process', { count: this.#pending.length });
    }
  }

  get backlog(): number {
    return this.#pending.length;
  }

  add(report: Report): void {
    if (this.#pending.length >= this.#maxBacklog) {
      this.counts.overflowed += 1;
      log('error', 'a report was dropped: the backlog is full', {
        report: reportId(report),
        ...this.counts,
      });
      return;
    }
    this.#pending.push({ sequence: this.#write(report), report });
    this.deliver();
  }

  /** Starts delivery unless it is in progress; called again when Redis is back. */
  deliver(): void {
    if (this.#closed || this.#delivering !== null) return;
    clearTimeout(this.#retry);
    this.#delivering = this.#deliverAll().finally(() => {
      this.#delivering = null;
      if (this.#pending.length > 0 && !this.#closed) {
        this.#retry = setTimeout(() => this.deliver(), RETRY_MS);
      }
    });
  }

  /** Waits for deliveries that are possible now. The rest stays on disk. */
  async close(withinMs: number): Promise<void> {
    this.deliver();
    const delivering = this.#delivering;
    this.#closed = true;
    clearTimeout(this.#retry);
    if (delivering !== null) {
      const bound = Promise.withResolvers<void>();
      const timer = setTimeout(bound.resolve, withinMs);
      await Promise.race([delivering, bound.promise]);
      clearTimeout(timer);
    }
    if (this.#pending.length > 0) {
      log('warn', 'undelivered reports remain for the next start', { count: this.#pending.length });
    }
  }

  #write(report: Report): number | null {
    try {
      return this.#spool.write(JSON.stringify(report));
    } catch (error) {
      this.counts.notSpooled += 1;
      log('error', 'a report could not be written to disk and is kept in memory', {
        report: reportId(report),
        reason: messageOf(error),
      });
      return null;
    }
  }

  async #deliverAll(): Promise<void> {
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      const report = first.report ?? this.#read(first);
      if (report !== null) {
        try {
          await this.#deliver(reportId(report), report);
        } catch (error) {
          if (!this.#away) {
            log('warn', 'a report was not delivered; it is kept', { reason: messageOf(error) });
          }
          this.#away = true;
          return;
        }
        this.#away = false;
        this.counts.delivered += 1;
        if (first.sequence !== null) this.#spool.remove(first.sequence);
      }
      this.#pending.shift();
    }
  }

  /** Returns null for an entry that is not a valid report, and marks it as unreadable. */
  #read({ sequence }: Pending): Report | null {
    if (sequence === null) return null;
    const text = this.#spool.read(sequence);
    const report = parse(text);
    if (report !== null) return report;
    this.counts.unreadable += 1;
    this.#spool.markUnreadable(sequence);
    log('error', 'a spooled report cannot be read', { sequence, ...this.counts });
    return null;
  }
}

function parse(text: string): Report | null {
  try {
    const value: unknown = JSON.parse(text);
    return schemaProblems(Report, value).length === 0 ? (value as Report) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Deterministic: the same report always has the same id, so a second delivery changes nothing. */
export function reportId({ runId, epoch, agentId, role, kind }: Report): string {
  return `${runId}-${epoch}-${agentId}-${role}-${kind}`;
}
