import { once } from 'node:events';
import { request as http, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';
import { json } from 'node:stream/consumers';

export interface JsonAnswer {
  status: number;
  /** null: not JSON. */
  body: unknown;
}

/** Unlike `fetch`, with an authority (PEM) in place of those that Node.js knows. */
export async function postJson(
  url: URL,
  value: unknown,
  { ca, signal }: { ca: string | undefined; signal: AbortSignal },
): Promise<JsonAnswer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const options = {
    method: 'POST',
    headers,
    signal,
    agent: false,
    ...(ca !== undefined && { ca }),
  };
  const request = (url.protocol === 'https:' ? https : http)(url, options);
  request.end(JSON.stringify(value));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body: unknown = await json(response).catch(() => null);
  return { status: response.statusCode ?? 0, body };
}
