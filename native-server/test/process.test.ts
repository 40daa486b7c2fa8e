import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { test } from 'node:test';
import { until } from '@oversoak/testing/waiting/until';
import { addonPath, processFigures, startServer } from '../src/index.ts';
import { here, WINDOWS_ONLY } from './notifiers.ts';
import { Peer } from './peer.ts';

test('the handle count rises with sessions and falls when they end', async () => {
  const server = startServer({ notifier: here('iocp'), layout: 'homo', host: '127.0.0.1' });
  try {
    const handles = () => {
      const count = server.snapshot().process.handles;
      assert.ok(count !== null, 'every system reports it, and Wine has the table');
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

test('the thread count is of this process, and rises with its threads', async () => {
  const threads = () => {
    const { threads: count } = processFigures();
    assert.ok(count !== null, 'every system reports it');
    return count;
  };
  const io = 5;
  const start = () =>
    startServer({
      ...{ notifier: here('iocp'), layout: 'homo', host: '127.0.0.1' },
      threads: { io, content: 1 },
    });
  await start().stop(); // which starts the threads of libuv's pool
  const before = threads();
  const server = start();
  const during = threads();
  await server.stop();
  // An acceptor beside them.
  assert.ok(during >= before + io + 1, `${before} threads, then ${during}`);
  // Node.js and the system may have started one of their own meanwhile.
  // At once: that there are handles of them, until garbage is collected, makes no difference.
  await until('they have ended', () => threads() <= during - io, 2000);
});

test('a process that was started below normal priority, as a scheduled task, leaves it', {
  skip: WINDOWS_ONLY,
}, () => {
  const { PRIORITY_BELOW_NORMAL, PRIORITY_NORMAL } = constants.priority;
  const priorityAfter = (load: string) => {
    const script = `
      const os = require('node:os');
      os.setPriority(${PRIORITY_BELOW_NORMAL});
      ${load}
      process.stdout.write(String(os.getPriority()));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return Number(stdout);
  };
  assert.equal(priorityAfter(''), PRIORITY_BELOW_NORMAL);
  assert.equal(priorityAfter(`require(${JSON.stringify(addonPath())});`), PRIORITY_NORMAL);
});
