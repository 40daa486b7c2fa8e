import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparison, oversoak, specFile } from '../e2e/commands.ts';
import { onIdleMachine } from '../e2e/demo-process.ts';

test('a server that leaks handles is found by their drift, and one without a leak is not', async (t) => {
  const soak = {
    matrix: { notifier: ['iocp'], sessions: [20] },
    workload: { ratePerSecond: 200, overSend: 4, disconnectsPerSecond: 5 },
    phases: { rampUpSeconds: 0.5, warmUpSeconds: 1, measureSeconds: 22, drainSeconds: 2 },
    thresholds: ['drift.handles < 10/h'],
  };
  const run = async (name: string, more: object) => {
    const file = await specFile(t, { name, ...soak, ...more });
    const demo = await onIdleMachine(() => oversoak(t, 'demo', file, '--json', 'out.json'));
    return { output: demo.output, verdict: (await comparison(demo)).verdict };
  };
  const [leaking, sound] = await Promise.all([
    run('leaking', { fault: { leakHandlesPerAccept: 5 } }),
    run('sound', {}),
  ]);
  assert.equal(leaking.verdict, 'failed', leaking.output);
  assert.match(
    leaking.output,
    /drift\.handles is [\d.]+ handles\/h .*, wanted drift\.handles < 10\/h/,
  );
  assert.notEqual(sound.verdict, 'failed', sound.output);
  assert.match(sound.output, /undecided: drift\.handles|0 errors in/);
});
