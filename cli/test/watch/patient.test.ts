import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiRefused, ApiUnreachable } from '../../src/api/problem.ts';
import { patiently } from '../../src/watch/patient.ts';

/** What a client does that is answered by these errors in turn, and then by 'yes'. */
async function asked(...errors: Error[]) {
  const reported: string[] = [];
  const ask = patiently(({ message }) => reported.push(message), 0, new AbortController().signal);
  const answer = await ask(async () => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    return 'yes';
  });
  return { answer, reported };
}

test('an API that is away or overloaded is asked again, and reported once', async () => {
  const away = new ApiUnreachable('nothing listens');
  const overloaded = new ApiRefused(503, 'the control plane is overloaded; try again');
  assert.deepEqual(await asked(away, overloaded), { answer: 'yes', reported: [away.message] });
  assert.deepEqual(await asked(overloaded), { answer: 'yes', reported: [overloaded.message] });
});

test('what the API refuses for good is not asked again', async () => {
  await assert.rejects(asked(new ApiRefused(404, 'no such soak')), /no such soak/);
});
