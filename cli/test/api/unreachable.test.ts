import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { TOKEN } from '@oversoak/testing/api/fake-api';
import { ApiClient } from '../../src/api/client.ts';
import { ApiUnreachable, unreachable } from '../../src/api/problem.ts';

async function soaksFrom(answer: (response: ServerResponse) => void): Promise<unknown> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await new ApiClient({ url: `http://127.0.0.1:${port}`, token: TOKEN }).soak('soak-1');
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('an API that does not answer in time is said to, and is no defect', async () => {
  const slow = await fetch('http://127.0.0.1:9', { signal: AbortSignal.timeout(0) }).catch(
    (error: unknown) => error,
  );
  // Whichever came first, the answer of nobody or the time.
  assert.ok(unreachable('http://127.0.0.1:9/', slow) instanceof ApiUnreachable);
  const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  assert.equal(
    unreachable('http://a/', late).message,
    'cannot reach the API at http://a/: it accepts connections and does not answer',
  );
});

test('an answer that is cut short is one of the connection', async () => {
  const cut = soaksFrom((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"soakId":');
    setImmediate(() => response.destroy());
  });
  await assert.rejects(cut, ApiUnreachable);
});

test('what answers without being an API of oversoak is named as that', async () => {
  const page = soaksFrom((response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>Sign in</html>');
  });
  await assert.rejects(
    page,
    /^CannotRun: .* answered with text\/html in place of JSON: is it the address/,
  );
});
