import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { BenchApi } from '../src/cluster/api.ts';
import { busyPauseMs } from '../src/cluster/busy-pause.ts';

describe('a control plane that has too much to do', () => {
  it('is asked again after the pause that it names, or after growing ones', () => {
    assert.deepEqual(
      [1, 2, 3, 10].map((attempt) => busyPauseMs(503, null, attempt)),
      [200, 400, 800, 5_000],
    );
    assert.equal(busyPauseMs(429, '2', 1), 2_000);
    assert.equal(busyPauseMs(429, '900', 1), 5_000);
    assert.equal(busyPauseMs(503, 'Wed, 21 Oct 2026 07:28:00 GMT', 1), 200);
  });

  it('is not asked again for ever, nor where it refuses', () => {
    assert.equal(busyPauseMs(503, null, 29), 5_000);
    assert.equal(busyPauseMs(503, null, 30), null);
    for (const status of [400, 401, 409, 422, 500]) assert.equal(busyPauseMs(status, '1', 1), null);
  });

  /** Answers the requests in turn with these, and the last one again. */
  async function answering(
    statuses: readonly number[],
    use: (url: string) => Promise<void>,
  ): Promise<number> {
    let requests = 0;
    const server = createServer((_request, response) => {
      response.statusCode = statuses[Math.min(requests++, statuses.length - 1)] ?? 500;
      response.end('{"soakId":"soak-1"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      await use(`http://127.0.0.1:${port}`);
      return requests;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('gets the same request until it answers', async () => {
    const requests = await answering([503, 429, 200], async (url) => {
      const { soakId } = await new BenchApi({ url, token: 'any' }).submit({ name: 'one' });
      assert.equal(soakId, 'soak-1');
    });
    assert.equal(requests, 3);
  });

  it('gets no further request once the bench is interrupted', async () => {
    const interrupted = new AbortController();
    const requests = await answering([503], async (url) => {
      const api = new BenchApi({ url, token: 'any', signal: interrupted.signal });
      const submitting = api.submit({ name: 'one' });
      setTimeout(() => interrupted.abort(), 50);
      await assert.rejects(submitting, { name: 'AbortError' });
    });
    assert.equal(requests, 1);
  });
});
