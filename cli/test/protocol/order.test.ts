// What a soak would count as outOfOrder is no fit.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { tryProtocol } from './files.ts';
import { lines, serve } from './servers.ts';

const described = (match: 'sequence' | 'identifier', more: object = {}) => ({
  name: 'p',
  framing: { by: 'delimiter', delimiter: '\\r\\n' },
  match,
  requests: [{ name: 'say', send: `say {${match}:d4}`, expect: `say {${match}:d4} ok` }],
  ...more,
});
const FOUR = ['--requests', '4', '--over-send', '4', '--timeout', '5000'];

/** Answers four requests at once: the third first. */
const shuffled =
  (suffix = 'ok') =>
  (socket: Socket) => {
    const held: string[] = [];
    lines((line) => {
      held.push(line);
      if (held.length < 4) return [];
      return [2, 0, 1, 3].map((at) => `${held[at]} ${at === 1 ? suffix : 'ok'}`);
    })(socket);
  };

describe('protocol try with answers out of order', () => {
  it('does not fit with sequence, and names the error of a soak', async (t) => {
    const { code, out } = await tryProtocol(
      t,
      described('sequence'),
      await serve(t, shuffled()),
      ...FOUR,
    );
    assert.equal(code, 1, out);
    assert.match(out, /^← answer of message 0 \(say\), after \S+ ms, out of order: /m);
    assert.match(out, /^← answer of message 3 \(say\), after \S+ ms: /m);
    assert.match(
      out,
      /^does not fit: 2 of the answers came out of order\n {2}a soak counts outOfOrder /m,
    );
    assert.match(out, /with "match: identifier"\n$/);
  });

  it('counts an error that comes out of order as both', async (t) => {
    const given = described('sequence', { errors: ['say {sequence:d4} no'] });
    const { code, out } = await tryProtocol(t, given, await serve(t, shuffled('no')), ...FOUR);
    assert.equal(code, 1, out);
    assert.match(
      out,
      /^does not fit: 1 of the answers reports an error, 2 of the answers came out of order$/m,
    );
  });

  it('finds that identifier fits a server that answers in any order', async (t) => {
    const given = { ...described('sequence'), match: 'order' };
    const { code, out } = await tryProtocol(t, given, await serve(t, shuffled()), ...FOUR);
    assert.equal(code, 1, out);
    const change = 'match: identifier (it is order), with {identifier} in place of {sequence}';
    assert.ok(out.endsWith(`\n  it fits with ${change}\n`), out);
    assert.doesNotMatch(out, /it fits with match: sequence/);
  });

  it('fits with identifier', async (t) => {
    const { code, out } = await tryProtocol(
      t,
      described('identifier'),
      await serve(t, shuffled()),
      ...FOUR,
    );
    assert.equal(code, 0, out);
  });

  it('fits with sequence if they come in order', async (t) => {
    const answer = lines((line) => [`${line} ok`]);
    const { code, out } = await tryProtocol(
      t,
      described('sequence'),
      await serve(t, answer),
      ...FOUR,
    );
    assert.equal(code, 0, out);
  });
});
