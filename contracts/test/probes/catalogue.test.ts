import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findProbe,
  inconclusiveAnswer,
  NOTIFIERS_OF,
  PROBE_NAMES,
  PROBES,
  type Probe,
  ProbeAnswer,
  probeAnswer,
  validate,
} from '../../src/index.ts';

function probe(name: string): Probe {
  const found = findProbe(name);
  assert.ok(found !== undefined, name);
  return found;
}

test('each claim has a unique name, unique figures, and is documented', () => {
  assert.equal(new Set(PROBE_NAMES).size, PROBES.length);
  for (const { name, figures, rows, windows, lecture, correction } of PROBES) {
    assert.equal(new Set(figures.map((figure) => figure.name)).size, figures.length, name);
    assert.equal(new Set(rows).size, rows?.length ?? 0, name);
    assert.match(windows.source, /^https:\/\/learn\.microsoft\.com\/\S+$/, name);
    // Only what the lecture says can be put right.
    assert.ok(lecture !== null || correction === undefined, name);
  }
});

test('each notifier of Windows depends on quick probes, which run when an agent registers', () => {
  for (const notifier of NOTIFIERS_OF.windows) {
    assert.ok(
      PROBES.some(({ notifiers }) => notifiers.includes(notifier)),
      notifier,
    );
  }
  const slow = PROBES.filter(({ quick, notifiers }) => !quick && notifiers.length > 0);
  assert.deepEqual(slow, []);
});

test('an answer has every figure of its probe, with its unit; what was not measured is null', () => {
  const result = {
    outcome: 'does-not-hold',
    note: 'expected: 65 are refused',
    elapsedMs: 2.5,
    figures: [{ name: 'answerOf64', value: 63 }],
  } as const;
  const answer = probeAnswer(probe('wait-takes-64-handles'), result);
  assert.deepEqual(validate(ProbeAnswer, answer), { value: answer });
  assert.match(answer.source, /^lecture, lines 101–102; https:/);
  assert.deepEqual(
    answer.evidence.map(({ row, name, unit, value }) => [row, name, unit, value]),
    [
      [null, 'answerOf64', 'code', 63],
      [null, 'answerOf65', 'code', null],
      [null, 'errorOf65', 'code', null],
    ],
  );
});

test('each row of a table has every figure', () => {
  const figures = [{ row: 'with the flag', name: 'portError', value: 0 }];
  const result = { outcome: 'holds', note: '', elapsedMs: 1, figures } as const;
  const { evidence } = probeAnswer(probe('file-needs-overlapped-flag'), result);
  assert.deepEqual(
    evidence.map(({ row, value }) => [row, value]),
    [
      ['with the flag', 0],
      ['without the flag', null],
    ],
  );
});

test('a figure that is not in the catalogue is refused, and so is one without its row', () => {
  const result = { outcome: 'holds', note: '', elapsedMs: 1 } as const;
  for (const figure of [
    { name: 'portErorr', value: 0 },
    { name: 'portError', value: 0 },
  ]) {
    assert.throws(
      () => probeAnswer(probe('file-needs-overlapped-flag'), { ...result, figures: [figure] }),
      /probe file-needs-overlapped-flag: figures without a unit: \/portE/,
    );
  }
});

test('a probe whose process was ended is inconclusive, with the reason', () => {
  const answer = inconclusiveAnswer(probe('select-reports-arrival'), 'not within 10 s', 10_000);
  assert.deepEqual(validate(ProbeAnswer, answer), { value: answer });
  assert.equal(answer.outcome, 'inconclusive');
  assert.equal(answer.note, 'not within 10 s');
});
