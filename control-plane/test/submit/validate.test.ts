import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { validateSpec } from '../../src/submit/validate.ts';
import { submittedSpec } from '../made-figures.ts';

const base = submittedSpec();
const problems = (changes: object) => {
  const valid = validateSpec({ ...base, ...changes });
  return 'problems' in valid ? valid.problems : [];
};
const pointers = (changes: object) => problems(changes).map(({ pointer }) => pointer);

describe('validateSpec', () => {
  it('fills in the defaults and leaves what was submitted as it is', () => {
    const submitted = submittedSpec();
    const valid = validateSpec(submitted);
    assert.ok('spec' in valid);
    assert.deepEqual(valid.spec.matrix.layout, ['homo']);
    assert.equal(valid.spec.server.iocp.inlineRounds, 8);
    assert.deepEqual(submitted, submittedSpec());
  });

  for (const [name, changes, expected] of [
    ['open loop without a rate', { workload: {} }, ['/workload/ratePerSecond']],
    ['poisson without a rate', { workload: { pacing: 'poisson' } }, ['/workload/ratePerSecond']],
    [
      'closed loop with a rate',
      { workload: { pacing: 'closed', ratePerSecond: 1 } },
      ['/workload/ratePerSecond'],
    ],
    [
      'a loop delay in open loop',
      { workload: { ratePerSecond: 1, loopDelayMs: 5 } },
      ['/workload/loopDelayMs'],
    ],
    [
      'frames smaller than their smallest',
      { workload: { ratePerSecond: 1, minFrameBytes: 200, maxFrameBytes: 100 } },
      ['/workload/minFrameBytes'],
    ],
    [
      'thresholds that cannot be read',
      { thresholds: ['p99 < 5', 'achieved.rate >= 99%', 'echo.latency.p99 < 5%'] },
      ['/thresholds/0', '/thresholds/2'],
    ],
    [
      'more fleet agents than sessions',
      { fleet: { agents: 3 }, matrix: { notifier: ['iocp'], sessions: [2, 3] } },
      ['/matrix/sessions/0'],
    ],
    [
      'more than a thousand runs',
      {
        repeats: 100,
        matrix: { notifier: ['iocp', 'event'], sessions: [1, 2, 3, 4, 5, 6] },
      },
      ['/repeats'],
    ],
    ['a label that is none', { placement: { server: { 'A B': 'x' } } }, ['/placement/server/A B']],
    [
      'the same notifier twice',
      { matrix: { notifier: ['iocp', 'iocp'], sessions: [1] } },
      ['/matrix/notifier'],
    ],
    ['a matrix that is missing', { matrix: undefined }, ['/matrix']],
    ['sections of another type', { workload: 5, phases: [] }, ['/workload', '/phases']],
  ] as [string, object, string[]][]) {
    it(`refuses ${name}`, () => assert.deepEqual(pointers(changes), expected));
  }

  it('takes closed loop with a delay', () => {
    assert.deepEqual(pointers({ workload: { pacing: 'closed', loopDelayMs: 5 } }), []);
  });

  it('asks no rule about fields that the schema refuses', () => {
    assert.deepEqual(pointers({ workload: { pacing: 'fast' }, thresholds: 'none' }), [
      '/workload/pacing',
      '/thresholds',
    ]);
  });

  it('does not stop at eight problems', () => {
    const wrong = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}`, 1]));
    assert.equal(pointers(wrong).length, 30);
  });

  it('says which names and values are valid', () => {
    const details = problems({
      server: { threads: 1 },
      matrix: { notifier: ['x'], sessions: [1] },
    });
    assert.deepEqual(
      details.map(({ detail }) => detail),
      [
        'must be one of iocp, completion-routine, event',
        'unknown property "threads"; valid: ioThreads, sendQueueBytes, iocp',
      ],
    );
  });

  for (const value of [null, undefined, 5, 'x', [], true]) {
    it(`refuses ${JSON.stringify(value)} as a spec`, () => {
      assert.ok('problems' in validateSpec(value));
    });
  }

  it('answers any rubbish with problems and never throws', () => {
    const rubbish = [null, -1, '', 'x', [], {}, [null], { a: 1 }, true, [[[]]], 1e300];
    const names = ['name', 'matrix', 'workload', 'server', 'fleet', 'placement', 'fault', 'iocp'];
    const places = [...names, 'notifier', 'sessions', 'thresholds', 'toString', '__proto__', '~/'];
    let state = 7;
    const draw = <T>(from: readonly T[]): T => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return from[(state >> 8) % from.length] as T;
    };
    for (let round = 0; round < 2000; round++) {
      const spec: Record<string, unknown> = { ...submittedSpec(), placement: { server: {} } };
      for (let change = 0; change < 3; change++) {
        const inner = spec[draw(places)];
        const at = typeof inner === 'object' && inner !== null ? inner : spec;
        const own = { value: draw(rubbish), enumerable: true, configurable: true, writable: true };
        Object.defineProperty(at, draw(places), own);
      }
      const valid = validateSpec(spec);
      assert.ok('spec' in valid || valid.problems.length > 0);
    }
  });
});
