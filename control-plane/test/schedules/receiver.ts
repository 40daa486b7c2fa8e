import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * A real HTTP server that takes webhooks; `answers` are given in turn, the last one for ever. The
 * status 0 is no answer at all.
 */
export async function startReceiver(
  ...answers: { status: number; headers?: Record<string, string> }[]
): Promise<{ url: string; received: Received[]; stop(): Promise<void> }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    const answer = answers[Math.min(received.length, answers.length - 1)];
    received.push({ path: request.url ?? '', headers: request.headers, body });
    if (answer?.status !== 0) response.writeHead(answer?.status ?? 204, answer?.headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
