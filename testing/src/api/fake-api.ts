import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const TOKEN = 'a-token-of-the-tests-of-oversoak';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = { status?: number; json: unknown } | { status?: number; text: string; type: string };
/** The connection ends with no answer. */
type Broken = 'break the connection';

/** An HTTP server in place of the control plane: `METHOD /path` → what it answers. */
export async function fakeApi(
  answers: Record<string, (seen: Seen) => Answer | Broken>,
): Promise<{ url: string; seen: Seen[]; stop: () => Promise<void> }> {
  const seen: Seen[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    const { method = '', url: path = '', headers } = request;
    const call = { method, path, headers, body };
    seen.push(call);
    const found = answers[`${method} ${path}`];
    const given: Answer | Broken =
      headers.authorization !== `Bearer ${TOKEN}`
        ? { status: 401, json: { title: 'Unauthorized' } }
        : (found?.(call) ?? { status: 404, json: { title: 'Not Found', detail: `no ${path}` } });
    if (given === 'break the connection') {
      response.destroy();
      return;
    }
    const type = 'json' in given ? 'application/json' : given.type;
    response.writeHead(given.status ?? 200, { 'content-type': type });
    response.end('json' in given ? JSON.stringify(given.json) : given.text);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
