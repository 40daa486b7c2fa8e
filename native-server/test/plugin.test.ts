// Plug-ins as libraries: the example against a server of its protocol, and those with a fault.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FleetErrorClass, FleetSnapshot } from '@oversoak/contracts';
import { type XorAnswer, XorServer } from '@oversoak/testing/peers/xor-server';
import { siblingModule } from '@oversoak/testing/repository';
import { type FleetRequest, loadPlugin, platform, startFleet } from '../src/index.ts';
import { after, errorsOf, type Ran, run } from './described.ts';
import { ForeignServer } from './foreign.ts';
import { pluginAt, pluginPath } from './plugins.ts';

const XOR = pluginPath('xor');
const FLEET = { sessions: 10, overSend: 4 };

describe('the example against a server of its protocol', () => {
  async function soak(
    t: TestContext,
    answer: XorAnswer,
    change: Partial<FleetRequest> = {},
    enough: (snapshot: FleetSnapshot) => boolean = after(1000),
  ): Promise<Ran> {
    const server = await XorServer.start(answer);
    t.after(() => server.stop());
    const { protocol, pluginPath: path } = pluginAt(XOR, '100');
    const load = { ...FLEET, loopDelayMs: 1, echoTimeoutMs: 500 };
    return run({ port: server.port, protocol, pluginPath: path, ...load, ...change }, enough);
  }

  /** Errors of one class and no other; the first of them. */
  function only(ran: Ran, name: FleetErrorClass) {
    assert.deepEqual(Object.keys(errorsOf(ran)), [name]);
    const [first] = ran.first;
    assert.ok(first !== undefined);
    return first;
  }

  /** Another answer to the 40th request of each connection. */
  const once40 =
    (instead: XorAnswer): XorAnswer =>
    (request, count) =>
      count === 39 ? instead(request, count) : [request];

  it('is right: every answer is checked, pushes are taken, sessions come and go', async (t) => {
    const push = { kind: 2, number: 0, payload: Buffer.from('what nobody requested') };
    const ran = await soak(t, (request) => [push, request, push], {
      threads: 2,
      disconnectsPerSecond: 50,
    });
    assert.deepEqual(errorsOf(ran), {});
    const { ledger, sessions, bytes, measured } = ran.snapshot;
    assert.equal(ledger.echoed, ledger.sent);
    assert.equal(ledger.lostOnClose, 0);
    assert.ok(sessions.disconnects > 0);
    assert.equal(bytes.sent, ledger.sent * (2 + 5 + 100));
    assert.equal(measured.load.echoed, ledger.sent);
  });

  it('another payload: corrupt, with what the plug-in says of it', async (t) => {
    const first = only(
      await soak(
        t,
        once40((request) => {
          const payload = Buffer.from(request.payload);
          payload[7] = (payload[7] ?? 0) ^ 1;
          return [{ ...request, payload }];
        }),
      ),
      'corrupt',
    );
    assert.equal(first.what, 'another payload than was sent');
    assert.ok((first.gotHex ?? '').startsWith('0069'), first.gotHex);
  });

  it('an answer to what was not sent: corrupt', async (t) => {
    const other = once40((request) => [{ ...request, number: 1_000_000 }]);
    // Without a payload the number alone tells them apart.
    const first = only(await soak(t, other, { protocol: pluginAt(XOR, '0').protocol }), 'corrupt');
    assert.equal(first.what, 'an answer to a request that was not sent on this connection');
  });

  it('twice: duplicate; never: not received in time; an error: errorAnswer', async (t) => {
    only(
      await soak(
        t,
        once40((request) => [request, request]),
      ),
      'duplicate',
    );
    only(
      await soak(
        t,
        once40(() => []),
        { sessions: 1 },
        ({ errors }) => errors.notReceivedInTime > 0,
      ),
      'notReceivedInTime',
    );
    const ran = await soak(
      t,
      once40((request) => [{ ...request, kind: 3 }]),
    );
    const first = only(ran, 'errorAnswer');
    assert.equal(first.what, 'the server refuses the request');
    assert.equal(first.message, 39);
    assert.equal(ran.snapshot.ledger.echoed, ran.snapshot.ledger.sent);
  });

  it('no greeting: the login takes too long', async (t) => {
    const silent = await ForeignServer.start(() => () => undefined);
    t.after(() => silent.stop());
    const { protocol, pluginPath: path } = pluginAt(XOR);
    const ran = await run(
      { port: silent.port, protocol, pluginPath: path, sessions: 2, connectTimeoutMs: 300 },
      ({ errors }) => errors.connectTimedOut >= 2,
    );
    only(ran, 'connectTimedOut');
    assert.equal(ran.snapshot.ledger.sent, 0);
  });
});

describe('a library that may not or cannot be run is refused by name', () => {
  const refused = (request: Parameters<typeof loadPlugin>[0], message: string | RegExp) =>
    assert.throws(() => loadPlugin(request), { message });

  function folder(t: TestContext): string {
    const path = mkdtempSync(join(tmpdir(), 'oversoak-plugin-'));
    // Where it was loaded, Windows keeps the file.
    t.after(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }

  it('other bytes than those of the hash', (t) => {
    const path = join(folder(t), 'changed.lib');
    copyFileSync(XOR, path);
    const before = pluginAt(path);
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from([0])]));
    const { plugin } = pluginAt(path);
    refused(
      { ...before, ...FLEET },
      `changed.lib: the sha256 of ${path} is ${plugin.sha256}; allowed is ${before.plugin.sha256}`,
    );
  });

  it('no file, and no library', (t) => {
    const path = join(folder(t), 'text.lib');
    writeFileSync(path, 'no library');
    refused(
      { ...pluginAt(path), ...FLEET },
      platform === 'linux'
        ? /text\.lib: .*(file too short|invalid ELF)/
        : /text\.lib: cannot be loaded: system error \d+/,
    );
    const missing = join(folder(t), 'missing.lib');
    refused({ ...pluginAt(path), path: missing, ...FLEET }, /missing.lib: /);
  });

  for (const [name, reason] of [
    ['faulty_no_export', 'it exports no function oversoak_plugin'],
    ['faulty_unknown_abi', 'it does not know ABI 1, which this fleet has'],
    ['faulty_other_abi', 'its table is of ABI 99; this fleet has ABI 1'],
    ['faulty_no_function', 'its table has no function say'],
  ] as const) {
    it(reason, () => {
      const request = pluginAt(pluginPath(name), 'none');
      refused({ ...request, ...FLEET }, `the plug-in ${request.plugin.file}: ${reason}`);
    });
  }

  it('options that it does not take', () => {
    const request = pluginAt(XOR, '1001');
    refused(
      { ...request, ...FLEET },
      `the plug-in ${request.plugin.file}: it refuses its options: the bytes of a payload must be a whole number from 0 to 1000`,
    );
  });

  it('without a text, or with one that breaks its rule: it is quoted', () => {
    const file = pluginPath('faulty_call');
    for (const [options, why] of [
      ['refuse-mute', 'begin returned NULL and does not say why'],
      ['refuse-text', '"two\\x0alines" (a text has 1 to 200 characters of printable ASCII)'],
    ] as const) {
      const request = pluginAt(file, options);
      const named = `the plug-in ${request.plugin.file}: it refuses its options`;
      refused({ ...request, ...FLEET }, `${named}: ${why}`);
    }
  });

  it('sessions that need too much memory', () => {
    const request = pluginAt(XOR);
    refused({ ...request, sessions: 60_000, overSend: 1024 }, /: 60000 sessions of a fleet would /);
  });

  it('a fleet without its path, with a path and no plug-in, and with sizes', () => {
    const { protocol, pluginPath: path } = pluginAt(XOR);
    const options = { host: '127.0.0.1', port: 1, sessions: 1, pacing: 'closed' } as const;
    for (const [change, message] of [
      [{ protocol }, '/pluginPath: is required with a plug-in'],
      [{ pluginPath: path }, '/pluginPath: is for a plug-in only'],
      [
        { protocol, pluginPath: path, maxFrameBytes: 512 },
        '/maxFrameBytes: not with a plug-in: it makes them',
      ],
    ] as const) {
      assert.throws(() => startFleet({ ...options, ...change }), { name: 'TypeError', message });
    }
  });
});

describe('what a plug-in does wrong ends the process, which names plug-in and function', () => {
  const fileOf = (name: string) => pluginAt(pluginPath(name)).plugin.file;

  /** What the process wrote, and whether it ended by itself. */
  async function outcome(
    fault: string,
    name = 'faulty_call',
  ): Promise<{ said: string; finished: boolean }> {
    const echo = await ForeignServer.start();
    const host = fork(
      fileURLToPath(siblingModule(import.meta.url, 'plugin-host')),
      [name, fault, String(echo.port)],
      { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
    );
    let said = '';
    let finished = false;
    host.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    host.on('message', (snapshot: FleetSnapshot) => {
      finished = Object.values(snapshot.errors).every((count) => count === 0);
    });
    await once(host, 'close');
    await echo.stop();
    return { said, finished };
  }

  /** The process ends with this line, and says nothing else of its own. */
  async function ends(fault: string, did: string, name = 'faulty_call'): Promise<void> {
    const { said, finished } = await outcome(fault, name);
    const own = said.split(/\r?\n/).filter((line) => line.startsWith('oversoak: '));
    // Threads that crash together, before the process has ended, each say so.
    assert.deepEqual(
      [...new Set(own)],
      [`oversoak: fatal: the plug-in ${fileOf(name)} ${did}`],
      said,
    );
    assert.equal(finished, false);
  }
  const broke = (did: string) => `broke the rules of oversoak_plugin.h: ${did}`;
  const crashed = platform === 'linux' ? 'SIGSEGV' : 'exception 0xC0000005';

  for (const name of ['faulty_call', 'throwing']) {
    it(`${name}: a right one goes on to the end`, async () => {
      assert.deepEqual(await outcome('none', name), { said: '', finished: true });
    });
  }

  // Each writes a text of its own before.
  for (const name of ['begin', 'login', 'say', 'hear', 'end']) {
    it(`a crash in ${name}`, () => ends(`crash-${name}`, `crashed in ${name} (${crashed})`));
  }

  it('an abort', () =>
    ends('abort-hear', `crashed in hear (${platform === 'linux' ? 'SIGABRT' : 'abort'})`));

  it('a crash in a thread of its own', () =>
    ends('thread-crash', `crashed in a thread of its own (${crashed})`));

  it('pointers to nowhere: a table, and texts', async () => {
    await ends('none', `crashed in oversoak_plugin (${crashed})`, 'faulty_wild_table');
    await ends('refuse-wild', `crashed in begin (${crashed})`);
    await ends('wild-text', `crashed in hear (${crashed})`);
  });

  it('the end of the process, on a thread of the fleet and at the check of the options', async () => {
    await ends('exit-hear', 'ended its thread or the process in hear');
    await ends('exit-begin', 'ended its thread or the process in begin');
  });

  // ExitThread() of Windows unwinds nothing; docs/how-to/plugin.md says that it is not named.
  if (platform === 'linux') {
    it('the end of a thread', () =>
      ends('thread-end', broke('say threw an exception, or ended its thread')));
  }

  for (const name of ['begin', 'login', 'say', 'hear', 'end']) {
    it(`an exception out of ${name}`, () =>
      ends(name, broke(`${name} threw "not\\x0aready"`), 'throwing'));
  }

  it('what is no exception of the standard library', () =>
    ends('int-hear', broke('hear threw an exception, or ended its thread'), 'throwing'));

  const LIES = [
    ['login-more', 'login returned 9 bytes where it had 8'],
    ['login-answer', 'login returned 7, not OVERSOAK_LOGIN_OVER or OVERSOAK_LOGIN_WAITS'],
    ['say-nothing', 'say returned a request without a byte'],
    ['say-more', 'say returned 9 bytes where it had 8'],
    ['consume-more', 'hear returned 9 bytes consumed of 8'],
    ['consume-none', 'hear returned something of no bytes'],
    ['consume-wait', 'hear returned OVERSOAK_MORE with 1 bytes consumed'],
    ['other-answer', 'hear returned 9, which is none of OVERSOAK_MORE to OVERSOAK_CORRUPT'],
    ['no-number', 'hear returned an answer without the number of its request'],
    [
      'other-text',
      'hear returned the text "two\\x0alines"; a text has 1 to 200 characters of printable ASCII',
    ],
  ] as const;
  // The same code finds them everywhere, and a process takes seconds to start under Wine: there, two.
  for (const [fault, lie] of platform === 'linux' ? LIES : LIES.slice(-2)) {
    it(lie, () => ends(fault, broke(lie)));
  }
});

it('a text is what it was when it was heard, whatever becomes of it', async (t) => {
  const echo = await ForeignServer.start();
  t.after(() => echo.stop());
  const { protocol, pluginPath: path } = pluginAt(pluginPath('faulty_call'), 'passing-text');
  const ran = await run(
    { port: echo.port, protocol, pluginPath: path, sessions: 1, overSend: 1, loopDelayMs: 1 },
    ({ errors }) => errors.errorAnswer >= 20,
  );
  assert.deepEqual(
    ran.first.map(({ what }) => what),
    [0, 1, 2, 3, 4].map((request) => `an error of request ${request}`),
  );
});
