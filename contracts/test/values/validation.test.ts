import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FleetOptions, NOTIFIERS, ServerOptions, validate } from '../../src/index.ts';

test('defaults are filled in and the input stays as it was', () => {
  const input = { notifier: 'iocp', layout: 'homo' };
  const result = validate(ServerOptions, input);
  assert.ok('value' in result);
  assert.equal(result.value.maxFrameBytes, 4096);
  assert.deepEqual(result.value.iocp, { skipCompletionPortOnSuccess: true, inlineRounds: 8 });
  assert.deepEqual(input, { notifier: 'iocp', layout: 'homo' });
});

test('every problem is named with its field and the valid values', () => {
  const result = validate(ServerOptions, {
    notifier: 'kqueue',
    layout: 'homo',
    port: -1,
    iocp: { inline: 3 },
    colour: 'red',
  });
  assert.ok('problems' in result);
  const details = Object.fromEntries(result.problems.map((p) => [p.pointer, p.detail]));
  assert.equal(details['/notifier'], `must be one of ${NOTIFIERS.join(', ')}`);
  assert.equal(
    details['/iocp/inline'],
    'unknown property "inline"; valid: skipCompletionPortOnSuccess, inlineRounds',
  );
  assert.match(details['/colour'] ?? '', /^unknown property "colour"; valid: notifier, layout, /);
  assert.match(details['/port'] ?? '', />= 0/);
});

test('a missing field is named', () => {
  const result = validate(FleetOptions, { host: '127.0.0.1', sessions: 1 });
  assert.deepEqual(result, { problems: [{ pointer: '/port', detail: 'is required' }] });
});
