import type { Sample } from '@oversoak/contracts';
import hdr, { type Histogram } from 'hdr-histogram-js';

/** Columns of the same length, a point each second; null: no figure. */
export interface LiveColumns {
  /** Since the start of the run. */
  seconds: number[];
  dueRate: (number | null)[];
  sentRate: (number | null)[];
  echoRate: (number | null)[];
  p50Us: (number | null)[];
  p99Us: (number | null)[];
  p999Us: (number | null)[];
  /** Over the run so far. */
  errors: number[];
  /** Of the host process of the server. */
  workingSetBytes: (number | null)[];
}

const empty = (): LiveColumns => ({
  seconds: [],
  dueRate: [],
  sentRate: [],
  echoRate: [],
  p50Us: [],
  p99Us: [],
  p999Us: [],
  errors: [],
  workingSetBytes: [],
});

/** As long as the control plane sends at the first connect. */
const MAX_POINTS = 900;
/** Samples of a second come from every agent of the gang; later than this they are left out. */
const OPEN_SECONDS = 2;

interface Counts {
  atSeconds: number;
  due: number;
  sent: number;
  echoed: number;
}

/** A second of which samples still come in. */
interface Second {
  due: number;
  sent: number;
  echoed: number;
  fleets: number;
  latency: Histogram | null;
}

const total = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** A run as its samples come in, second by second over its fleets. */
export class LiveSeries {
  readonly columns = empty();
  readonly #before = new Map<string, Counts>();
  readonly #errors = new Map<string, number>();
  readonly #open = new Map<number, Second>();
  #closedUntil = -1;
  #workingSetBytes: number | null = null;

  /** A sample that came before is left out: after a reconnect some come twice. */
  add(sample: Sample): void {
    const { sinceStartSeconds, server, fleet } = sample;
    const second = Math.round(sinceStartSeconds);
    const member = `${sample.role} ${sample.agentId}`;
    if (server !== undefined) {
      this.#workingSetBytes = server.process.workingSetBytes;
      this.#errors.set(member, total(server.errors));
    }
    if (fleet !== undefined) {
      this.#errors.set(member, total(fleet.errors));
      this.#addFleet(second, member, sample, fleet);
    }
    this.#close(second - OPEN_SECONDS);
  }

  #addFleet(
    second: number,
    member: string,
    { sinceStartSeconds, intervalLatency }: Sample,
    { ledger, measured }: NonNullable<Sample['fleet']>,
  ): void {
    const now = {
      atSeconds: sinceStartSeconds,
      due: measured.load.due,
      sent: ledger.sent,
      echoed: ledger.echoed,
    };
    const before = this.#before.get(member);
    if (before !== undefined && before.atSeconds >= sinceStartSeconds) return;
    this.#before.set(member, now);
    // The first of a member is a sum since the start of the run, or of what was not sent.
    if (before === undefined || second <= this.#closedUntil) return;
    const passed = now.atSeconds - before.atSeconds;
    const open = this.#open.get(second) ?? { due: 0, sent: 0, echoed: 0, fleets: 0, latency: null };
    open.due += (now.due - before.due) / passed;
    open.sent += (now.sent - before.sent) / passed;
    open.echoed += (now.echoed - before.echoed) / passed;
    open.fleets += 1;
    if (intervalLatency !== undefined) {
      const latency = hdr.decodeFromCompressedBase64(intervalLatency.intended) as Histogram;
      if (open.latency === null) open.latency = latency;
      else open.latency.add(latency);
    }
    this.#open.set(second, open);
  }

  /** Seconds of which nothing more is waited for become points. */
  #close(until: number): void {
    for (const second of [...this.#open.keys()].sort((a, b) => a - b)) {
      if (second > until) break;
      const { due, sent, echoed, latency } = this.#open.get(second) as Second;
      this.#open.delete(second);
      this.#closedUntil = second;
      const at = (percentile: number) =>
        latency === null || latency.totalCount === 0
          ? null
          : latency.getValueAtPercentile(percentile) / 1000;
      const { columns } = this;
      columns.seconds.push(second);
      // No message of the measurement is due before or after it.
      columns.dueRate.push(due === 0 ? null : due);
      columns.sentRate.push(sent);
      columns.echoRate.push(echoed);
      columns.p50Us.push(at(50));
      columns.p99Us.push(at(99));
      columns.p999Us.push(at(99.9));
      columns.errors.push([...this.#errors.values()].reduce((sum, count) => sum + count, 0));
      columns.workingSetBytes.push(this.#workingSetBytes);
      if (columns.seconds.length > MAX_POINTS)
        for (const column of Object.values(columns)) column.shift();
    }
  }
}
