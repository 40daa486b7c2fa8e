// Peers that are not ours, outside Wine: the fleet on a plain Node server of Linux, and clients of
// Linux on our server.
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { ComparedCell } from '@oversoak/contracts';
import { onIdleMachine } from './demo-process.ts';
import { type Answer, echoServer } from './peers.ts';
import { RunningCluster } from './running-cluster.ts';

const PHASES = { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: 2, drainSeconds: 2 };
const WORKLOAD = { ratePerSecond: 300, overSend: 4, minFrameBytes: 16 };

/** Flips a bit of the hundredth byte of its connection. */
function corrupting(): Answer {
  let before = 0;
  return (bytes) => {
    const answer = Buffer.from(bytes);
    const at = 99 - before;
    before += bytes.length;
    if (at >= 0 && at < answer.length) answer.writeUInt8(answer.readUInt8(at) ^ 1, at);
    return answer;
  };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const NULL_OF_A_TARGET = [
  'serverCpuPerEchoUs',
  'ioThreadsRan',
  'contentThreadsRan',
  'serverWorkingSetBytes',
  'completionsPerBatch',
  'slowest',
] as const satisfies readonly (keyof ComparedCell)[];

describe('on one cluster', () => {
  let cluster: RunningCluster;

  before(async () => {
    cluster = await RunningCluster.start();
  });
  after(() => cluster.stop());

  const submit = (context: TestContext, spec: object) =>
    cluster.submit(context, { phases: PHASES, workload: WORKLOAD, ...spec });

  for (const [protocol, host] of [
    ['echo8', '127.0.0.1'],
    ['raw', 'localhost'],
  ] as const) {
    test(`the fleet speaks ${protocol} with a plain Node server on ${host}`, async (t) => {
      const port = await echoServer(t);
      const target = { host, port, protocol };
      const spec = { name: protocol, matrix: { sessions: [20] }, target };
      const soak = await onIdleMachine(() => submit(t, spec));
      assert.equal(await soak.exitCode(), 0, soak.output);
      const cell = await cluster.onlyCell(t, soak);
      assert.equal(cell.key, 'target.20');
      assert.ok(cell.echoes > 300, `${cell.echoes} echoes`);
      // All but those that the fleet itself held up by standing still.
      const { count } = cell.latencyIntended;
      assert.ok(count <= cell.echoes && count > 0.9 * cell.echoes, `${count} latencies`);
      assert.equal(cell.ledger.balanced, true);
      for (const field of NULL_OF_A_TARGET) assert.equal(cell[field], null, field);
    });

    test(`a plain Node server that corrupts echoes is detected with ${protocol}`, async (t) => {
      const port = await echoServer(t, corrupting);
      const target = { host: '127.0.0.1', port, protocol };
      const soak = await submit(t, { name: protocol, matrix: { sessions: [20] }, target });
      assert.equal(await soak.exitCode(), 1, soak.output);
      assert.match(soak.output, /errors\.corrupt/);
    });
  }

  test('a target that no agent allows is refused by its field', async (t) => {
    const target = { host: '192.0.2.1', port: 7777, protocol: 'raw' };
    const soak = await submit(t, { name: 'refused', matrix: { sessions: [20] }, target });
    assert.equal(await soak.exitCode(), 2, soak.output);
    assert.match(soak.output, /\/target.*192\.0\.2\.1:7777/s);
  });

  test('a plain client and nc are echoed by our server', async (t) => {
    const soak = await onIdleMachine(async () => {
      const port = await freePort();
      const command = await submit(t, {
        name: 'open-house',
        matrix: { notifier: ['iocp'], layout: ['hetero'], sessions: [10] },
        workload: { ...WORKLOAD, protocol: 'raw' },
        server: { port, foreignClients: true },
        phases: { ...PHASES, measureSeconds: 5 },
      });
      await command.says(/: measuring$/m);
      assert.equal(await sayToServer(port, 'a plain client\n'), 'a plain client\n');
      assert.equal(await sayByNetcat(t, port, 'by nc\n'), 'by nc\n');
      return command;
    });
    assert.equal(await soak.exitCode(), 0, soak.output);
  });
});

async function textOf(stream: NodeJS.ReadableStream, bytes: number): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.length >= bytes) return text;
  }
  return text;
}

async function sayToServer(port: number, text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.write(text);
  const answer = await textOf(socket, text.length);
  socket.end();
  return answer;
}

async function sayByNetcat(context: TestContext, port: number, text: string): Promise<string> {
  const nc: ChildProcessWithoutNullStreams = spawn('nc', ['-N', '127.0.0.1', String(port)]);
  context.after(() => nc.kill());
  nc.stdin.end(text);
  return textOf(nc.stdout, text.length);
}
