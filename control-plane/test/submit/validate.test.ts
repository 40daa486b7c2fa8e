import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOTIFIERS } from '@oversoak/contracts';
import { madeDescription } from '@oversoak/testing/builders/made-description';
import { submittedSpec, TARGET } from '@oversoak/testing/builders/made-figures';
import { validateSpec } from '../../src/submit/validate.ts';

const base = submittedSpec();
const problems = (changes: object) => {
  const valid = validateSpec({ ...base, ...changes });
  return 'problems' in valid ? valid.problems : [];
};
const onTarget = { matrix: { sessions: [10] }, target: TARGET };
const described = (change: object = {}, workload: object = {}) => ({
  ...onTarget,
  target: { ...TARGET, protocol: { framed: { ...madeDescription(), ...change } } },
  workload: { ratePerSecond: 2000, ...workload },
});
const ANSWER = 'hex: {length} {sequence:u32be}';
const contents = (...names: string[]) => names.map((name) => ({ name }));
const pointers = (changes: object) => problems(changes).map(({ pointer }) => pointer);

describe('validateSpec', () => {
  it('fills in the defaults and does not change the submitted values', () => {
    const submitted = submittedSpec();
    const valid = validateSpec(submitted);
    assert.ok('spec' in valid);
    assert.deepEqual(valid.spec.matrix.layout, ['homo']);
    assert.equal(valid.spec.server.iocp.inlineRounds, 8);
    assert.deepEqual(submitted, submittedSpec());
  });

  it('fills in no layout for a target', () => {
    const valid = validateSpec({ ...base, ...onTarget });
    assert.ok('spec' in valid);
    assert.deepEqual(valid.spec.matrix, { sessions: [10] });
    assert.deepEqual(valid.spec.target, TARGET);
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
      { workload: { ratePerSecond: 2000, loopDelayMs: 5 } },
      ['/workload/loopDelayMs'],
    ],
    [
      'frames smaller than their smallest',
      { workload: { ratePerSecond: 2000, minFrameBytes: 200, maxFrameBytes: 100 } },
      ['/workload/minFrameBytes'],
    ],
    [
      'answers of their own size where messages are echoed',
      {
        workload: { ratePerSecond: 2000, protocol: 'raw', responseBytes: { min: 128, max: 64 } },
      },
      ['/workload/responseBytes', '/workload/responseBytes/min'],
    ],
    [
      'thresholds that cannot be read',
      { thresholds: ['p99 < 5', 'errors.corrupt == 0', 'echo.latency.p99 < 5%'] },
      ['/thresholds/0', '/thresholds/2'],
    ],
    [
      'predictions that cannot be read, or are about no cell',
      {
        matrix: { notifier: ['iocp'], sessions: [10] },
        predictions: [
          'server.wakesPerEcho = 2',
          'server.wakes = 2',
          { predict: 'server.wakesPerEcho = 2', notifier: 'event' },
          { predict: 'server.wakesPerEcho = 2', layout: 'homo', sessions: 10 },
        ],
      },
      ['/predictions/1', '/predictions/2'],
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
    [
      'more than a thousand runs through locks and queues',
      {
        repeats: 100,
        matrix: {
          notifier: ['iocp'],
          layout: ['homo', 'hetero', 'hetero-channels'],
          containerLock: ['mutex', 'srwlock', 'sharded'],
          contentQueue: ['locked', 'lock-free'],
          sessions: [1],
        },
      },
      ['/repeats'],
    ],
    ['neither notifier nor target', { matrix: { sessions: [10] } }, ['/matrix/notifier']],
    [
      'a target beside what is about a server of our own',
      {
        target: TARGET,
        matrix: {
          notifier: ['iocp'],
          layout: ['hetero'],
          containerLock: ['mutex'],
          contentQueue: ['locked'],
          sessions: [10],
        },
        workload: { ratePerSecond: 2000, protocol: 'raw' },
        strictBudget: true,
        placement: { server: { rack: 'a' } },
        fault: { dropEvery: 2 },
      },
      [
        '/matrix/notifier',
        '/matrix/layout',
        '/matrix/containerLock',
        '/matrix/contentQueue',
        '/workload/protocol',
        '/strictBudget',
        '/placement/server',
        '/fault',
      ],
    ],
    [
      'a target without a port, of an unknown protocol',
      { ...onTarget, target: { host: 'game.example', protocol: 'http' } },
      ['/target/port', '/target/protocol'],
    ],
    [
      'a target that is neither an address nor a name',
      { ...onTarget, target: { ...TARGET, host: '010.0.0.1' } },
      ['/target/host'],
    ],
    [
      'oversoak frames shorter than their header, also for a target',
      {
        ...onTarget,
        target: { ...TARGET, protocol: 'oversoak' },
        workload: { ratePerSecond: 2000, minFrameBytes: 10 },
      },
      ['/workload/minFrameBytes'],
    ],
    [
      'a description that is wrong, by its place in it',
      described({ requests: [{ name: 'a', send: 'a{size:d}', expect: 'b' }], speed: 1 }),
      ['/target/protocol/framed/speed'],
    ],
    [
      'a wrong template',
      described({ requests: [{ name: 'a', send: 'hex: {size:u8}', expect: ANSWER }] }),
      ['/target/protocol/framed/requests/0/send'],
    ],
    [
      'a description with what only an echo has',
      described({}, { responseBytes: 128, minFrameBytes: 100, maxFrameBytes: 200 }),
      ['/workload/minFrameBytes', '/workload/maxFrameBytes', '/workload/responseBytes'],
    ],
    [
      'a description with a server of its own',
      { ...described(), placement: { server: { rack: 'a' } }, fault: { dropEvery: 3 } },
      ['/placement/server', '/fault'],
    ],
    [
      'a description that its load does not allow',
      described({ requests: [{ ...madeDescription().requests[0], delayMs: 5 }] }),
      ['/target/protocol/framed/requests/0/delayMs'],
    ],
    [
      'resets without disconnects',
      { workload: { ratePerSecond: 2000, abortiveShare: 0.5 } },
      ['/workload/abortiveShare'],
    ],
    [
      'a content that comes twice and moves to nowhere',
      { game: { contents: [{ name: 'lobby', moves: { arena: 0.5 } }, ...contents('lobby')] } },
      ['/game/contents/0/moves/arena', '/game/contents/1/name'],
    ],
    [
      'moves that are more than certain',
      { game: { contents: [{ name: 'a', moves: { b: 0.6, c: 0.6 } }, ...contents('b', 'c')] } },
      ['/game/contents/0/moves'],
    ],
    [
      'a mix that is not whole',
      { game: { contents: [{ name: 'a', mix: [{ share: 0.5, workUs: 1 }] }] } },
      ['/game/contents/0/mix'],
    ],
    [
      'work and a probability beyond their bounds, zero threads',
      {
        game: { contents: [{ name: 'a', workUs: 1e6, moves: { b: 2 } }, ...contents('b')] },
        threads: { io: 0 },
      },
      ['/threads/io', '/game/contents/0/workUs', '/game/contents/0/moves/b'],
    ],
    [
      'a stalled content that is not there',
      { fault: { stallContent: { content: 'arena', every: 1, stallMs: 1 } } },
      ['/fault/stallContent/content'],
    ],
    [
      'more threads than a strict budget has',
      { strictBudget: true, matrix: { notifier: ['iocp', 'event'], sessions: [63, 64] } },
      ['/strictBudget'],
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

  for (const [name, changes] of [
    ['short messages under raw', { workload: { protocol: 'raw', minFrameBytes: 1 } }],
    ['short messages to a target', { ...onTarget, workload: { minFrameBytes: 1 } }],
    ['a description', described()],
    ['resets with disconnects', { workload: { abortiveShare: 1, disconnectsPerSecond: 1 } }],
    ['zones', { workload: { zones: { size: 5 } }, fault: { zoneDropEvery: 5 } }],
    ['a budget that is enough', { strictBudget: true, threads: { io: 1, content: 3 } }],
    ['a stalled content', { fault: { stallContent: { content: 'pvp', every: 1, stallMs: 1 } } }],
    [
      'moves that add up to 1',
      { game: { contents: [{ name: 'a', moves: { b: 1 } }, ...contents('b')] } },
    ],
  ] as [string, { workload?: object }][]) {
    it(`accepts ${name}`, () => {
      const workload = { ...base.workload, ...changes.workload };
      assert.deepEqual(pointers({ ...changes, workload }), []);
    });
  }

  it('shows the calculation of a budget that is too small, once for all locks and queues', () => {
    const details = problems({
      strictBudget: true,
      threads: { io: 2, content: 2 },
      matrix: {
        notifier: ['event'],
        layout: ['homo', 'hetero'],
        containerLock: ['mutex', 'sharded'],
        sessions: [100, 500],
      },
    });
    assert.deepEqual(details, [
      {
        pointer: '/strictBudget',
        detail:
          'event.homo.500: 500 sessions at 63 to a thread need 8 IO threads, the budget has 2 + 2',
      },
      {
        pointer: '/strictBudget',
        detail: 'event.hetero.100: 3 contents need 3 content threads, the budget has 2',
      },
      {
        pointer: '/strictBudget',
        detail:
          'event.hetero.500: 500 sessions at 63 to a thread need 8 IO threads, the budget has 2; ' +
          '3 contents need 3 content threads, the budget has 2',
      },
    ]);
  });

  it('says in words what the name of a label is', () => {
    const detail =
      'the name of a label must be a lower-case letter or digit, then lower-case letters, digits, "_", "." and "-"';
    assert.deepEqual(problems({ placement: { fleet: { Rack: 'a', rack: 'a' } } }), [
      { pointer: '/placement/fleet/Rack', detail },
    ]);
  });

  it('accepts a closed loop with a delay', () => {
    assert.deepEqual(pointers({ workload: { pacing: 'closed', loopDelayMs: 5 } }), []);
  });

  it('applies no rule to fields that the schema refuses', () => {
    const thresholds = ['echo.latency.p99 < -5ms'];
    assert.deepEqual(
      pointers({ phases: { measureSeconds: 'long' }, unknown: 1, thresholds }).sort(),
      ['/phases/measureSeconds', '/thresholds/0', '/unknown'],
    );
    assert.deepEqual(pointers({ workload: { pacing: 'fast' }, thresholds: 'none' }), [
      '/workload/pacing',
      '/thresholds',
    ]);
  });

  it('reports more than eight problems', () => {
    const wrong = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}`, 1]));
    assert.deepEqual(
      problems(wrong)
        .slice(19)
        .map(({ pointer, detail }) => `${pointer} ${detail}`.slice(0, 25)),
      ['/x19 unknown property "x1', ' and 10 more problems'],
    );
  });

  it('names the valid names and values', () => {
    const details = problems({
      server: { threads: 1 },
      matrix: { notifier: ['x'], sessions: [1] },
    });
    assert.deepEqual(
      details.map(({ detail }) => detail),
      [
        `must be one of ${NOTIFIERS.join(', ')}`,
        'unknown property "threads"; valid: port, foreignClients, duplex, sendQueueBytes, iocp',
      ],
    );
    const [missing] = problems({ matrix: { sessions: [1] } });
    assert.equal(missing?.detail, `is required without a target; valid: ${NOTIFIERS.join(', ')}`);
    const [protocol] = problems({
      ...onTarget,
      workload: { ratePerSecond: 2000, protocol: 'raw' },
    });
    assert.match(protocol?.detail ?? '', /protocol is at \/target\/protocol/);
  });

  for (const value of [null, undefined, 5, 'x', [], true]) {
    it(`refuses ${JSON.stringify(value)} as a spec`, () => {
      assert.ok('problems' in validateSpec(value));
    });
  }

  it('answers any invalid input with problems and never throws', () => {
    const rubbish = [null, -1, '', 'x', [], {}, [null], { a: 1 }, true, [[[]]], 1e300];
    const names = ['name', 'matrix', 'workload', 'server', 'fleet', 'placement', 'fault', 'iocp'];
    const later = ['target', 'game', 'contents', 'moves', 'threads', 'strictBudget', 'protocol'];
    const fields = [...later, 'notifier', 'layout', 'sessions', 'thresholds'];
    const places = [...names, ...fields, 'toString', '__proto__', '~/'];
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
