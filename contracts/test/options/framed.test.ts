import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Framed, type FramedLoad, framedProblems } from '../../src/options/framed.ts';
import { compileProtocol } from '../../src/protocol/compile.ts';

const text = 'hex: {length} {identifier:u16le} {random:1..100}';
const FILE = {
  name: 'own',
  framing: { by: 'length', bytes: 2, endian: 'little' },
  maxMessageBytes: 1024,
  match: 'identifier',
  requests: [{ name: 'say', send: text, expect: text }],
};

function framed(change: object = {}): Framed {
  const compiled = compileProtocol({ ...FILE, ...change });
  assert.ok('file' in compiled, JSON.stringify(compiled));
  return { framed: compiled.file };
}

const LOAD: FramedLoad = { pacing: 'constant', overSend: 4, connectTimeoutMs: 5000, sessions: 100 };

describe('framedProblems: what a fleet cannot run', () => {
  const problems = (change: object, load: Partial<FramedLoad> = {}) =>
    framedProblems(framed(change), { ...LOAD, ...load }).map(
      ({ pointer, detail }) => `${pointer}: ${detail}`,
    );

  it('nothing is wrong', () => {
    assert.deepEqual(problems({}), []);
  });

  it('pauses before requests in open loop', () => {
    const requests = [{ ...FILE.requests[0], delayMs: 5 }];
    assert.deepEqual(problems({ requests }), [
      '/framed/requests/0/delayMs: needs workload.pacing: closed; it is "constant"',
    ]);
    assert.deepEqual(problems({ requests }, { pacing: 'closed' }), []);
  });

  it('a login or a logout that pauses longer than it may take', () => {
    const steps = (...delays: number[]) =>
      delays.map((delayMs) => ({ send: 'hex: {length} 00', delayMs }));
    assert.deepEqual(problems({ login: steps(2000, 2999), logout: steps(4999) }), []);
    assert.deepEqual(
      problems({ login: steps(2000, 3000), logout: steps(6000) }, { connectTimeoutMs: 5000 }),
      [
        '/framed/login: pauses 5000 ms in all, and has to be over within 5000 ms',
        '/framed/logout: pauses 6000 ms in all, and has to be over within 5000 ms',
      ],
    );
    assert.equal(problems({ logout: steps(6000) }, { connectTimeoutMs: 9000 }).length, 1);
  });

  it('numbers that come round while others with them are in flight', () => {
    const short = text.replace('u16le', 'u8');
    const requests = [{ name: 'say', send: short, expect: short }];
    // 255 identifiers; 96 + 32 are 128.
    assert.deepEqual(problems({ requests }, { overSend: 96 }), []);
    assert.deepEqual(problems({ requests }, { overSend: 97 }), [
      '/framed/requests/0/expect: its {identifier:…} has 255 numbers, too few for workload.overSend 97, which needs 256',
    ]);
    assert.deepEqual(problems({ match: 'order', requests }, { overSend: 97 }), []);
  });

  it('sessions that need too much memory', () => {
    const rest = [{ ...FILE.requests[0], expect: 'hex: {length} {identifier:u16le} {rest}' }];
    const large = { maxMessageBytes: 1_048_576, requests: rest };
    assert.deepEqual(problems(large, { sessions: 500 }), []);
    const [problem = ''] = problems(large, { sessions: 600 });
    assert.match(problem, /^\/framed\/maxMessageBytes: 600 sessions of a fleet would have up to /);
  });
});
