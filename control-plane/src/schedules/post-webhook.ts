import { STATUS_CODES } from 'node:http';
import type { Webhook as WebhookSettings } from '@oversoak/contracts';
import { Webhook } from 'standardwebhooks';

const ANSWER_TIMEOUT_MS = 10_000;

/** The receiver did not accept the event; the message is one readable line. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

/**
 * Posts a text, signed as https://www.standardwebhooks.com specifies. Only 2xx is success.
 * Redirects are not followed, so that only the user's own address is called. The response body is
 * not read. Throws NotDelivered, or the reason of `stopping`.
 */
export async function postWebhook(
  { url, secret }: Pick<WebhookSettings, 'url' | 'secret'>,
  id: string,
  text: string,
  stopping: AbortSignal,
): Promise<void> {
  const now = new Date();
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'oversoak',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, text),
    },
    body: text,
    signal: AbortSignal.any([AbortSignal.timeout(ANSWER_TIMEOUT_MS), stopping]),
  }).catch((error: unknown) => {
    stopping.throwIfAborted();
    throw new NotDelivered(reasonOf(error));
  });
  await response.body?.cancel();
  if (response.ok) return;
  const name = STATUS_CODES[response.status] ?? '';
  const redirect = response.status >= 300 && response.status < 400;
  const why = redirect ? '; redirects are not followed' : '';
  throw new NotDelivered(`HTTP ${response.status} ${name}`.trim() + why);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`;
  // fetch only reports "fetch failed"; the reason is in the cause.
  return error.cause instanceof Error ? error.cause.message : error.message;
}
