import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '@oversoak/testing/waiting/until';
import { startServer } from '../src/index.ts';
import { Peer } from './peer.ts';

test('the handle count is real: it rises with sessions and falls when they go', async () => {
  const server = startServer({ notifier: 'iocp', layout: 'homo', host: '127.0.0.1' });
  try {
    const handles = () => {
      const count = server.snapshot().process.handles;
      assert.ok(count !== null, 'Windows tells, and Wine has the table');
      return count;
    };
    const before = handles();
    const peers = await Promise.all(Array.from({ length: 20 }, () => Peer.connect(server.port)));
    await until('all are accepted', () => server.snapshot().sessions.live === 20);
    // A socket on each side.
    assert.ok(handles() >= before + 40, `${before} handles, then ${handles()}`);
    for (const peer of peers) peer.socket.end();
    await until('they are given back', () => handles() < before + 20);
  } finally {
    await server.stop();
  }
});
