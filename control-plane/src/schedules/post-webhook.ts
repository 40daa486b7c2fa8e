import { once } from 'node:events';
import { request as http, type IncomingMessage, STATUS_CODES } from 'node:http';
import { request as https } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Webhook as WebhookSettings } from '@oversoak/contracts';
import { Webhook } from 'standardwebhooks';
import { RefusedAddress, type WebhookAddress, webhookAddress } from './webhook-address.ts';

const ANSWER_TIMEOUT_MS = 10_000;

/** The receiver did not accept the event; the message is one readable line. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

export interface PostOptions {
  /** Addresses that may be called although they are not public. */
  allowed: readonly string[];
  stopping: AbortSignal;
}

/**
 * Posts a text, signed as https://www.standardwebhooks.com specifies. Only 2xx is success.
 * Redirects are not followed and the address is the one that was checked, so that only what the
 * user may call is called. The response body is not read. Throws NotDelivered, or the reason of
 * `stopping`.
 */
export async function postWebhook(
  { url, secret }: Pick<WebhookSettings, 'url' | 'secret'>,
  id: string,
  text: string,
  { allowed, stopping }: PostOptions,
): Promise<void> {
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'user-agent': 'oversoak',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, text),
  };
  const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_TIMEOUT_MS), stopping]);
  const { statusCode: status = 0 } = await send(new URL(url), text, headers, allowed, signal).catch(
    (error: unknown) => {
      stopping.throwIfAborted();
      throw new NotDelivered(reasonOf(error));
    },
  );
  if (status >= 200 && status < 300) return;
  const name = STATUS_CODES[status] ?? '';
  const why = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  throw new NotDelivered(`HTTP ${status} ${name}`.trim() + why);
}

/** The head of the answer. */
async function send(
  url: URL,
  text: string,
  headers: Record<string, string | number>,
  allowed: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const address = await webhookAddress(url, allowed);
  const options = { method: 'POST', headers, signal, agent: false, lookup: always(address) };
  const request = (url.protocol === 'https:' ? https : http)(url, options);
  request.end(text);
  // "101 Switching Protocols" is no response, and a request that is destroyed for it tells no end.
  const answered = [once(request, 'response', { signal }), once(request, 'upgrade', { signal })];
  const [response, socket] = (await Promise.race(answered)) as [IncomingMessage, Socket?];
  socket?.destroy();
  response.on('error', () => {});
  response.destroy();
  return response;
}

/** The name is resolved once: a second answer might be another address. */
function always({ address, family }: WebhookAddress): LookupFunction {
  return (_host, { all }, done) => {
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

/** Whatever else went wrong says too much about a network that only the control plane sees. */
function reasonOf(error: unknown): string {
  if (error instanceof RefusedAddress) return `refused: ${error.message}`;
  const timedOut = error instanceof Error && error.name === 'AbortError';
  return timedOut ? `unreachable: no answer within ${ANSWER_TIMEOUT_MS / 1000} s` : 'unreachable';
}
