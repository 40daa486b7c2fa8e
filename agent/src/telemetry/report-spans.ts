import { REPORTS_QUEUE, type Report } from '@oversoak/contracts';
import {
  type Attributes,
  messageAttributes,
  type OpenSpan,
  type SpanStart,
  type Telemetry,
} from '@oversoak/telemetry';
import { reportId } from '../reports/report-id.ts';

/** As many as can be under way; a span beyond is not sent. */
const MAX_OPEN = 10_000;

/** The spans of reports on their way: from the report to its delivery. */
export class ReportSpans {
  readonly #telemetry: Telemetry;
  readonly #nowMs: () => number;
  readonly #open = new Map<string, { span: OpenSpan; attributes: Attributes }>();

  constructor(telemetry: Telemetry, nowMs: () => number) {
    this.#telemetry = telemetry;
    this.#nowMs = nowMs;
  }

  /** The report as it goes out, with the trace for who takes it. */
  begin(
    report: Report,
    attributes: Attributes,
    origin: Pick<SpanStart, 'parent' | 'links'>,
  ): Report {
    if (!this.#telemetry.on) return report;
    const span = this.#telemetry.begin('job.send', { startMs: this.#nowMs(), ...origin });
    const id = reportId(report);
    if (this.#open.size < MAX_OPEN) {
      const message = messageAttributes('send', REPORTS_QUEUE, id);
      this.#open.set(id, { span, attributes: { ...attributes, ...message } });
    }
    return { ...report, trace: span.trace };
  }

  /** Of a report of an earlier process nothing is known any more. */
  delivered(id: string): void {
    const sent = this.#open.get(id);
    this.#open.delete(id);
    sent?.span.end({ endMs: this.#nowMs(), attributes: sent.attributes });
  }
}
