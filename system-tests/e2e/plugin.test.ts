// Short soaks of a server whose protocol a plug-in speaks: the example, and one that crashes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { XorServer } from '@oversoak/testing/peers/xor-server';
import { REPOSITORY } from '@oversoak/testing/repository';
import { EXIT } from 'oversoak/shell/exit-code';
import { comparison, specFile } from './commands.ts';
import { Oversoak, onIdleMachine } from './demo-process.ts';

const RATE = 300;
const SECONDS = 3;

function built(name: string): { path: string; file: string; sha256: string } {
  const file = `${name}.so`;
  const path = join(REPOSITORY, 'native-server/build/plugins-linux-x64', file);
  return { path, file, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
}

async function startEcho(): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, stop: async () => void server.close() };
}

/** A soak of a server, by agents that allow the plug-in, or another one. */
async function soak(
  t: TestContext,
  { name, options = '', allowed = name }: { name: string; options?: string; allowed?: string },
  start: () => Promise<{ port: number; stop: () => Promise<void> }> = () => XorServer.start(),
): Promise<{ demo: Oversoak; code: number | null }> {
  const server = await start();
  t.after(() => server.stop());
  const { file, sha256 } = built(name);
  const spec = await specFile(t, {
    name: 'spoken',
    matrix: { sessions: [20] },
    target: {
      ...{ host: '127.0.0.1', port: server.port },
      protocol: { plugin: { file, sha256, options } },
    },
    workload: { ratePerSecond: RATE, overSend: 4, disconnectsPerSecond: 3 },
    phases: { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: SECONDS, drainSeconds: 5 },
  });
  const own = built(allowed);
  const settings = { OVERSOAK_PLUGINS: `${own.path}=${own.sha256}` };
  const demo = await onIdleMachine(() =>
    Oversoak.runIn(settings, 'demo', spec, '--json', 'out.json'),
  );
  t.after(() => demo.clearAway());
  return { demo, code: await demo.exitCode() };
}

describe('a soak of a server whose protocol a plug-in speaks', () => {
  it('passes', async (t) => {
    const { demo, code } = await soak(t, { name: 'xor', options: '64' });
    assert.equal(code, EXIT.passed, demo.output);
    const { verdict, cells } = await comparison(demo);
    assert.equal(verdict, 'passed');
    const echoes = Number(/0 errors in (\d+) echoes/.exec(cells[0]?.reasons.join() ?? '')?.[1]);
    assert.ok(echoes > 0.9 * RATE * SECONDS, `${echoes} echoes`);
  });

  it('a wrong answer fails it by its class', async (t) => {
    const { demo, code } = await soak(t, { name: 'xor' }, () =>
      XorServer.start((request, count) =>
        count === 30 ? [{ ...request, payload: Buffer.alloc(32) }] : [request],
      ),
    );
    assert.equal(code, EXIT.failed, demo.output);
    const { verdict, cells } = await comparison(demo);
    assert.equal(verdict, 'failed');
    const errors = Object.entries(cells[0]?.errors ?? {}).filter(([, count]) => count > 0);
    assert.deepEqual(
      errors.map(([each]) => each),
      ['corrupt'],
    );
  });

  it('a crash of the plug-in ends the run, says so, and is no verdict against the server', async (t) => {
    const { demo, code } = await soak(t, { name: 'faulty_call', options: 'crash-hear' });
    assert.equal(code, EXIT.noVerdict, demo.output);
    const { verdict, cells } = await comparison(demo);
    assert.equal(verdict, 'inconclusive');
    assert.match(
      cells[0]?.reasons.join() ?? '',
      /host process ended .*signal SIGSEGV; it said: fatal: the plug-in faulty_call\.so crashed in hear \(SIGSEGV\)/,
    );
  });

  for (const options of ['fork-say', 'fork-wait']) {
    it(`a plug-in that forks gives no verdict, and no process stays (${options})`, async (t) => {
      const { demo, code } = await soak(t, { name: 'faulty_call', options }, startEcho);
      assert.equal(code, EXIT.noVerdict, demo.output);
      const { cells } = await comparison(demo);
      assert.match(
        cells[0]?.reasons.join() ?? '',
        /it left processes behind, which were killed; its plug-in faulty_call\.so may have called fork\(\)/,
      );
    });
  }

  it('options that the plug-in refuses end the run before it begins', async (t) => {
    const { demo, code } = await soak(t, { name: 'xor', options: 'many' });
    assert.equal(code, EXIT.noVerdict, demo.output);
    const { cells } = await comparison(demo);
    assert.match(
      cells[0]?.reasons.join() ?? '',
      /the plug-in xor\.so: it refuses its options: the bytes of a payload must be a whole number/,
    );
  });

  it('one that no agent allows is refused at submission, by its field', async (t) => {
    const { demo, code } = await soak(t, { name: 'xor', allowed: 'faulty_call' });
    assert.notEqual(code, EXIT.passed);
    const { file, sha256 } = built('xor');
    assert.match(demo.output, /\/target\/protocol\/plugin/);
    assert.ok(demo.output.includes(`${file}=${sha256} is not among the plug-ins`), demo.output);
  });
});
