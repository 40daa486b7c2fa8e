import type { Passed } from '@oversoak/telemetry';

export interface OtlpAnswer {
  status: number;
  /** null: it was delivered. */
  detail: string | null;
}

/** What the sender itself can be the reason of; it need not send the same again. */
const OF_SENDER = [400, 413];

/**
 * Pure: what the sender is told. Whatever else the receiver refuses, such as the credentials of the
 * control plane, may be mended, so the sender tries again.
 */
export function answerOf(passed: Passed): OtlpAnswer {
  if (passed.delivered) return { status: 200, detail: null };
  const { code } = passed;
  if (code === undefined)
    return { status: 503, detail: 'the receiver of telemetry does not answer' };
  const detail = `the receiver of telemetry answered ${code}`;
  return { status: OF_SENDER.includes(code) ? code : 503, detail };
}
