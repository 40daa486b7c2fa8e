import { REPORTS_QUEUE, type Report } from '@oversoak/contracts';
import {
  type Attributes,
  messageAttributes,
  type OpenSpan,
  type SpanStart,
  type Telemetry,
} from '@oversoak/telemetry';
import { reportId } from '../reports/reports.ts';

/** Maximum number of reports in flight with a span; further ones get none. */
const MAX_OPEN = 10_000;

/** Spans of reports in flight: from the report to its delivery. */
export class ReportSpans {
  readonly #telemetry: Telemetry;
  readonly #nowMs: () => number;
  readonly #open = new Map<string, { span: OpenSpan; attributes: Attributes }>();

  constructor(telemetry: Telemetry, nowMs: () => number) {
    this.#telemetry = telemetry;
    this.#nowMs = nowMs;
  }

  /** The report as it is sent, with the trace context for its receiver. */
  begin(
    report: Report,
    attributes: Attributes,
    origin: Pick<SpanStart, 'parent' | 'links'>,
  ): Report {
    if (!this.#telemetry.on) return report;
    const span = this.#telemetry.begin('job.send', { startMs: this.#nowMs(), ...origin });
    const id = reportId(report);
    if (this.#open.size < MAX_OPEN) {
      this.#open.set(id, { span, attributes });
    }
    return { ...report, trace: span.trace };
  }

  /** Reports of an earlier process have no span here. */
  delivered(id: string, messageId: string): void {
    const sent = this.#open.get(id);
    this.#open.delete(id);
    const message = messageAttributes('send', REPORTS_QUEUE, messageId);
    sent?.span.end({ endMs: this.#nowMs(), attributes: { ...sent.attributes, ...message } });
  }
}
