import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startServer } from '../src/index.ts';
import { here } from './notifiers.ts';
import { Peer } from './peer.ts';

/** Node starts a child with bInheritHandles; it lives on while the server is gone. */
async function childOf(): Promise<AsyncDisposable> {
  const script = 'process.stdout.write("up"); setTimeout(() => undefined, 60_000)';
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

const options = { notifier: here('iocp'), layout: 'homo', host: '127.0.0.1' } as const;

const BOUNDED = { timeout: 20_000 };

test('a child process inherits neither the listening socket nor a session', BOUNDED, async () => {
  const server = startServer(options);
  const peer = await Peer.connect(server.port);
  await using _ = await childOf();
  const ended = once(peer.socket, 'close');
  await server.stop();
  // The peer sees the end, though the child lives.
  await ended;
  const again = connect(server.port, '127.0.0.1');
  const [error] = (await once(again, 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ECONNREFUSED');
  await startServer({ ...options, port: server.port }).stop();
});
