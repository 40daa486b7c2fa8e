// Which message an answer belongs to, where each message has both numbers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileProtocol } from '../../src/protocol/compile.ts';
import { ProtocolSession } from '../../src/protocol/protocol-session.ts';

const NUMBERS = ['{sequence:d4}', '{identifier:x8}'];
const LOGIN = [{ send: 'in NUMBERS', expect: 'in NUMBERS' }];

/** A session with the numbers in this order. */
function sessionOf(match: string, login: typeof LOGIN, numbers: readonly string[]) {
  const given = {
    name: 'both',
    framing: { by: 'delimiter', delimiter: '\\n' },
    firstSequence: 7,
    match,
    login,
    requests: [{ name: 'a', send: 'say NUMBERS', expect: 'say NUMBERS' }],
    errors: ['no NUMBERS'],
  };
  const text = JSON.stringify(given).replaceAll('NUMBERS', numbers.join(' '));
  const compiled = compileProtocol(JSON.parse(text));
  assert.ok('program' in compiled, JSON.stringify(compiled));
  const options = { seed: 1, session: 7, overSend: 3, requests: 3 };
  return new ProtocolSession(compiled.program, options);
}

function sent(session: ProtocolSession): { text: string; label: string } {
  const next = session.next(0);
  assert.ok(next.kind === 'send', next.kind);
  return { text: Buffer.from(next.bytes).toString(), label: next.label };
}

describe('an answer with both numbers belongs to the message of the one that match names', () => {
  for (const match of ['order', 'sequence', 'identifier']) {
    for (const numbers of [NUMBERS, NUMBERS.toReversed()]) {
      for (const login of [[], LOGIN]) {
        it(`${match}, ${numbers.join(' before ')}, ${login.length} steps of login`, () => {
          const session = sessionOf(match, login, numbers);
          const heard = (text: string) =>
            session
              .receive(Buffer.from(text))
              .map((each) => [each.kind, 'label' in each ? each.label : null]);
          for (const _ of login) {
            const { text, label } = sent(session);
            assert.equal(session.next(0).kind, 'wait');
            assert.deepEqual(heard(text), [['answer', label]]);
          }
          const requests = [sent(session), sent(session), sent(session)];
          if (match !== 'order') requests.reverse();
          for (const [index, { text, label }] of requests.entries()) {
            const [kind, answer] =
              index === 1 ? ['error', text.replace('say', 'no')] : ['answer', text];
            assert.deepEqual(heard(answer), [[kind, label]]);
          }
        });
      }
    }
  }
});
