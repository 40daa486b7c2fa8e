// Each probe with the system's calls, and with the opposite of its claim planted: none can only
// ever say yes.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PROBE_NAMES, PROBES, ProbeAnswer, type ProbeOutcome, validate } from '@oversoak/contracts';
import { siblingModule } from '@oversoak/testing/repository';
import { until } from '@oversoak/testing/waiting/until';
import { capabilities, type ProbePlant, probeNames, runProbe, startServer } from '../src/index.ts';
import { WINDOWS_ONLY } from './notifiers.ts';

const wine = capabilities().wineVersion !== null;

/** What is not `holds`, and why. */
const OTHERWISE: Readonly<Record<string, readonly ProbeOutcome[]>> = {
  // Wine completes a pending send with a part when the peer ends its side; the server sends the rest.
  // Under Wine 10 the rest of a non-blocking send is lost as well.
  'send-outlives-the-peers-end': wine ? ['does-not-hold'] : ['holds'],
  // Wine has no settings of adapters' drivers; elsewhere they are the machine's own.
  'adapters-segment': wine ? ['unsupported'] : ['holds', 'does-not-hold', 'unsupported'],
};

describe('probes', { skip: WINDOWS_ONLY }, () => {
  test('the addon has exactly one experiment for each claim of the catalogue', () => {
    assert.deepEqual(probeNames(), [...PROBE_NAMES]);
  });

  describe('with the calls of the system', () => {
    for (const probe of PROBES) {
      const expected = OTHERWISE[probe.name] ?? ['holds'];
      test(`${probe.name}: ${expected.join(' or ')}`, async () => {
        const answer = await runProbe(probe.name);
        const shown = JSON.stringify(answer, null, 1);
        assert.deepEqual(validate(ProbeAnswer, answer), { value: answer });
        assert.ok(expected.includes(answer.outcome), shown);
        if (answer.outcome !== 'holds') return;
        assert.equal(answer.note, '');
        for (const { name, value } of answer.evidence) {
          const figure = probe.figures.find((each) => each.name === name);
          if (value === null) assert.ok(figure?.mayBeNull, `${name} is null: ${shown}`);
        }
      });
    }
  });

  test('with the opposite of its claim planted, none holds', async () => {
    // The long ones first, for four run at a time.
    const probes = PROBES.toSorted((a, b) => Number(a.quick) - Number(b.quick));
    const answers = await Promise.all(
      probes.map(({ name }) => runProbe(name, { plant: 'opposite' })),
    );
    const otherwise = answers.filter(({ outcome }) => outcome !== 'does-not-hold');
    assert.deepEqual(otherwise, []);
    for (const { name, note } of answers) assert.match(note, /^expected: ./, name);
  });

  test('a probe leaks no handle', async () => {
    const server = startServer({ notifier: 'iocp', layout: 'homo', host: '127.0.0.1' });
    try {
      const handles = () => {
        const count = server.snapshot().process.handles;
        assert.ok(count !== null, 'Windows reports it, and Wine has the table');
        return count;
      };
      const quick = PROBES.filter((probe) => probe.quick);
      const runAll = () => Promise.all(quick.map(({ name }) => runProbe(name)));
      // What is loaded and made once is there after that.
      await runAll();
      const before = handles();
      const times = 4;
      for (let i = 0; i < times; i += 1) await runAll();
      // A leak comes each time; a lock's semaphore once, when the lock is first fought for.
      await until(`fewer than ${before + times} handles`, () => handles() < before + times, 2000);
    } finally {
      await server.stop();
    }
  });

  test('the figures of the lecture match the documentation of Windows', async () => {
    const figure = async (probe: string, name: string) =>
      (await runProbe(probe)).evidence.find((each) => each.name === name)?.value;
    const pending = await figure('overlapped-receive-pends', 'overlappedCallError');
    assert.equal(pending, 997, 'WSA_IO_PENDING');
    const answer = await figure('alertable-wait-returns-io-completion', 'waitResult');
    assert.equal(answer, 192, 'WSA_WAIT_IO_COMPLETION, and not WSA_WAIT_FAILED');
  });

  test('an unknown name is refused with the valid ones, and so is an unknown plant', async () => {
    await assert.rejects(runProbe('recv-pends'), {
      name: 'TypeError',
      message: /unknown probe "recv-pends"; valid: overlapped-receive-pends, blocking-send/,
    });
    const plant = 'yes' as ProbePlant;
    await assert.rejects(runProbe('socket-is-overlapped', { plant }), {
      name: 'TypeError',
      message: /plant: must be one of nothing, opposite, hang/,
    });
  });

  test('a probe that hangs blocks nobody, and ends with its process', async () => {
    const host = fork(fileURLToPath(siblingModule(import.meta.url, 'hanging-host')), {
      env: { ...process.env, UV_THREADPOOL_SIZE: '64' },
    });
    try {
      const [message] = await once(host, 'message');
      const hanging = PROBES.filter(({ quick }) => quick).length;
      assert.deepEqual(message, { hanging, holds: 'wait-takes-64-handles' });
    } finally {
      host.kill();
      await once(host, 'exit');
    }
    assert.equal((await runProbe('socket-event-stays-signalled')).outcome, 'holds');
  });
});

test('where there is no Winsock, each is unsupported', { skip: !WINDOWS_ONLY }, async () => {
  assert.deepEqual(probeNames(), []);
  const { outcome, note } = await runProbe('wait-takes-64-handles');
  assert.deepEqual([outcome, note], ['unsupported', 'it is about Winsock; this is linux']);
});
