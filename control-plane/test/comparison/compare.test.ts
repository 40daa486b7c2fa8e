import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Comparison,
  type RunResult,
  type ServerFigures,
  type StageTable,
  type Verdict,
} from '@oversoak/contracts';
import {
  contentFigures,
  fleetFigures,
  fleetResult,
  histogram,
  madeResult,
  serverFigures,
  serverResult,
  targetResult,
} from '@oversoak/testing/builders/made-figures';
import { Value } from 'typebox/value';
import { type ComparedRun, compareCell, compareSoak } from '../../src/comparison/compare.ts';
import { comparisonCsv } from '../../src/comparison/csv.ts';
import { repeatOf } from '../../src/comparison/repeat.ts';
import { comparePredictions, predictionsOf } from '../../src/prediction/compare.ts';
import { figureOf } from '../../src/prediction/figure-of.ts';

const cell = { notifier: 'iocp', layout: 'homo', sessions: 10 } as const;

function run(
  repeat: number,
  verdict: Verdict | null,
  result: RunResult | null = madeResult(),
): ComparedRun {
  const loadSound = verdict === 'passed' || verdict === 'failed';
  const reasons = [`${verdict} for a reason`];
  const judgement = verdict === null ? null : { verdict, reasons, loadSound };
  const shown = { ...madeResult().run, runId: `run-${repeat}`, repeat, judgement };
  return { run: shown, result };
}

const latency = (count: number, latencyMs: number) => ({
  fleets: {
    'agent-b': fleetResult(fleetFigures(100 + count, { latencyMs }), {
      ...fleetFigures(100, { latencyMs }),
    }),
  },
});

describe('compareCell', () => {
  it('merges histograms by counts and never averages percentiles', () => {
    const quick = madeResult(latency(9900, 1));
    const slow = madeResult(latency(300, 500));
    const compared = compareCell(cell, [run(1, 'passed', quick), run(2, 'passed', slow)]);
    const { p50Us, p99Us, count } = compared.latencyIntended;
    assert.equal(count, 10_200);
    assert.ok(p50Us !== null && p50Us < 1100, `median ${p50Us}`);
    assert.ok(p99Us !== null && p99Us > 400_000, `p99 ${p99Us}`);
  });

  it('pools rates and sums counters over the repeats', () => {
    const compared = compareCell(cell, [run(1, 'passed'), run(2, 'passed')]);
    assert.equal(compared.key, 'iocp.homo.10');
    assert.equal(compared.measuredSeconds, 20);
    assert.equal(compared.echoes, 2000);
    assert.equal(compared.offeredRate, 100);
    assert.equal(compared.achievedRate, 100);
    assert.deepEqual(compared.ledger, {
      sent: 2200,
      echoed: 2200,
      inFlight: 0,
      lostOnClose: 0,
      balanced: true,
    });
    // 0.2 ms of CPU for each echo.
    assert.ok(Math.abs((compared.serverCpuPerEchoUs ?? 0) - 200) < 1e-6);
    assert.equal(compared.completionsPerBatch, 2);
    assert.equal(compared.receivesAtOnceShare, 0.25);
    assert.deepEqual(compared.platform, [
      'Wine 8.0 on Linux: correctness and relative cost, not Windows performance',
    ]);
  });

  it('divides the CPU time by the echoes of the server, as a repeat does', () => {
    // In the measurement the server sent 800 echoes; the fleet received the other 200 later.
    const frames = { received: 900, echoed: 900, discarded: 0 };
    const end = serverFigures(1100, { more: { frames } });
    const result = madeResult({ server: serverResult(end) });
    const one = compareCell(cell, [run(1, 'passed', result)]).serverCpuPerEchoUs;
    assert.ok(Math.abs((one ?? 0) - (0.2 / 800) * 1e6) < 1e-6, `${one}`);
    assert.equal(one, repeatOf(result).figures['server.cpuPerEcho']);
    assert.equal(one, figureOf('server.cpuPerEcho', result));
    // Two repeats: both sums, not the mean of two ratios.
    const both = compareCell(cell, [run(1, 'passed', result), run(2, 'passed')]);
    assert.ok(Math.abs((both.serverCpuPerEchoUs ?? 0) - (0.4 / 1800) * 1e6) < 1e-6);
  });

  it('begins with the reason that decided the verdict, and names the repeat of each', () => {
    const compared = compareCell(cell, [run(1, 'inconclusive'), run(2, 'failed')]);
    assert.equal(compared.verdict, 'failed');
    assert.deepEqual(compared.reasons, [
      'repeat 2: failed for a reason',
      'repeat 1: inconclusive for a reason',
    ]);
  });

  it('adds the rates of several fleets', () => {
    const fleets = { 'agent-b': fleetResult(), 'agent-c': fleetResult() };
    const compared = compareCell(cell, [run(1, 'passed', madeResult({ fleets }))]);
    assert.equal(compared.measuredSeconds, 10);
    assert.equal(compared.achievedRate, 200);
  });

  it('takes the worst verdict, and none while a run is not done', () => {
    assert.equal(compareCell(cell, [run(1, 'passed'), run(2, 'failed')]).verdict, 'failed');
    assert.equal(compareCell(cell, [run(1, 'passed'), run(2, null, null)]).verdict, null);
  });

  it('excludes incomplete runs', () => {
    const half = run(2, 'inconclusive', madeResult({ server: null }));
    assert.equal(compareCell(cell, [run(1, 'passed'), half]).echoes, 1000);
    const none = compareCell(cell, [half]);
    assert.equal(none.offeredRate, null);
    assert.equal(none.serverCpuPerEchoUs, null);
    assert.equal(none.latencyIntended.p99Us, null);
  });
});

/** Two contents with a thread each: what has happened by a moment, in units of `n`. */
function heteroServer(n: number, waitMs: number): ServerFigures {
  const lobby = contentFigures('lobby', {
    threads: 1,
    handled: 80 * n,
    hops: 90 * n,
    rerouted: 10 * n,
    workSeconds: 0.004 * n,
    queueDepth: { max: 5 * n, sum: 300 * n, looks: 60 * n },
  });
  const pvp = contentFigures('pvp', {
    threads: 1,
    handled: 20 * n,
    hops: 20 * n,
    queueDepth: { max: n, sum: 20 * n, looks: 20 * n },
  });
  const histograms = {
    lockWait: histogram(110 * n, waitMs),
    moveLatency: histogram(5 * n, waitMs),
    queueWait: { lobby: histogram(90 * n, waitMs), pvp: histogram(20 * n, 1) },
  };
  const thread = (name: string, seconds: number) => ({
    name,
    userSeconds: seconds * n,
    kernelSeconds: seconds * n,
    cycles: null,
  });
  return serverFigures(100 * n, {
    more: {
      layout: 'hetero',
      moves: 5 * n,
      contents: [lobby, pvp],
      histograms,
      threadsRequested: { io: 2, content: 1 },
      threadsRan: { io: 2, content: 2 },
      // The second IO thread began in the measurement.
      threads: [
        thread('io-0', 0.1),
        ...(n > 1 ? [thread('io-1', 0.1)] : []),
        thread('lobby-0', 0.5),
      ],
    },
  });
}

/** Of 1,000 echoes in the measurement the slowest 20 waited for the queue. */
function stages(quick: number, slow: number): StageTable {
  const none = { client: 0, 'network+wake': 0, lock: 0, queue: 0, work: 0, send: 0, 'fan-out': 0 };
  return [
    { ...none, atLeastNs: 1000, count: quick, 'network+wake': quick * 1000 },
    { ...none, atLeastNs: 9000, count: slow, 'network+wake': slow * 1000, queue: slow * 8000 },
  ];
}

function heteroResult(waitMs: number): RunResult {
  return madeResult({
    server: serverResult(heteroServer(11, waitMs), heteroServer(1, waitMs)),
    fleets: {
      'agent-b': fleetResult(
        fleetFigures(1100, { stages: stages(1080, 20) }),
        fleetFigures(100, { stages: stages(100, 0) }),
      ),
    },
  });
}

describe('compareCell of a hetero server', () => {
  const hetero = { notifier: 'iocp', layout: 'hetero', sessions: 10 } as const;
  const compared = compareCell(hetero, [
    run(1, 'passed', heteroResult(4)),
    run(2, 'passed', heteroResult(16)),
  ]);
  const about = (value: number | null | undefined, expected: number) =>
    assert.ok(Math.abs((value ?? Number.NaN) / expected - 1) < 1e-3, `${value}, not ${expected}`);

  it('shows the requested threads and those that ran', () => {
    assert.deepEqual([compared.ioThreadsRequested, compared.ioThreadsRan], [2, 2]);
    assert.deepEqual([compared.contentThreadsRequested, compared.contentThreadsRan], [1, 2]);
  });

  it('merges the waits of the measurements alone, by counts', () => {
    assert.equal(compared.lockWait.count, 2 * 1100);
    about(compared.lockWait.p50Us, 4000);
    about(compared.lockWait.p99Us, 16_000);
    assert.equal(compared.queueWait.count, 2 * 1100);
    assert.equal(compared.moveLatency.count, 2 * 50);
    about(compared.moveLatency.maxUs, 16_000);
  });

  it('counts depth, hops, moves and re-routed messages', () => {
    assert.equal(compared.queueDepthMax, 55);
    assert.equal(compared.queueDepthMean, 320 / 80);
    assert.equal(compared.hopsPerMessage, 1.1);
    assert.equal(compared.moves, 100);
    assert.equal(compared.rerouted, 200);
  });

  it('has figures for each content', () => {
    const [lobby, pvp, ...more] = compared.contents;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [lobby?.name, lobby?.handled, lobby?.queueDepthMax, lobby?.queueDepthMean, lobby?.rerouted],
      ['lobby', 1600, 55, 5, 200],
    );
    about(lobby?.workUsPerMessage, 50);
    assert.equal(lobby?.queueWait.count, 1800);
    assert.deepEqual(
      [pvp?.name, pvp?.handled, pvp?.queueDepthMax, pvp?.queueDepthMean, pvp?.workUsPerMessage],
      ['pvp', 400, 11, 1, 0],
    );
    about(pvp?.queueWait.maxUs, 1000);
  });

  it('divides the CPU among the threads, including one that started late', () => {
    assert.deepEqual(
      compared.threadCpu.map(({ name }) => name),
      ['io-0', 'io-1', 'lobby-0'],
    );
    const [first, late, lobby] = compared.threadCpu;
    about(first?.share, 0.2);
    about(late?.share, 0.22);
    about(lobby?.share, 1);
  });

  it('names the stage in which the slowest echoes spent most', () => {
    assert.equal(compared.slowest?.count, 40);
    assert.equal(compared.slowest?.dominating, 'queue');
    about(compared.slowest?.meanUs.queue, 8);
    about(compared.slowest?.meanUs['network+wake'], 1);
  });

  it('has no waits, hops or depth in homo', () => {
    const homo = compareCell(cell, [run(1, 'passed')]);
    for (const { count, p99Us } of [homo.lockWait, homo.queueWait, homo.moveLatency]) {
      assert.deepEqual([count, p99Us], [0, null]);
    }
    assert.deepEqual(
      [homo.hopsPerMessage, homo.queueDepthMax, homo.queueDepthMean, homo.moves, homo.rerouted],
      [0, 0, null, 0, 0],
    );
    assert.equal(homo.contents[0]?.handled, 1000);
  });
});

describe('compareCell of a target', () => {
  const onTarget = { notifier: null, layout: null, sessions: 10 } as const;
  const compared = compareCell(onTarget, [run(1, 'passed', targetResult())]);

  it('has the figures of the fleets', () => {
    assert.equal(compared.key, 'target.10');
    assert.equal(compared.echoes, 1000);
    assert.equal(compared.latencyIntended.count, 1000);
    assert.equal(compared.achievedRate, 100);
  });

  it('has no figures of a server', () => {
    assert.deepEqual(
      [
        compared.serverCpuPerEchoUs,
        compared.ioThreadsRequested,
        compared.ioThreadsRan,
        compared.contentThreadsRequested,
        compared.contentThreadsRan,
        compared.queueDepthMax,
        compared.queueDepthMean,
        compared.hopsPerMessage,
        compared.moves,
        compared.rerouted,
        compared.serverWorkingSetBytes,
        compared.completionsPerBatch,
        compared.receivesAtOnceShare,
        compared.slowest,
      ],
      Array.from({ length: 14 }, () => null),
    );
    assert.equal(compared.lockWait.count + compared.queueWait.count, 0);
    assert.deepEqual([compared.contents, compared.threadCpu], [[], []]);
  });

  it('counts nothing for a run without a gang', () => {
    const { run: shown } = targetResult();
    const never = targetResult({ run: { ...shown, gang: [] }, fleets: {} });
    const none = compareCell(onTarget, [run(1, 'inconclusive', never)]);
    assert.deepEqual([none.echoes, none.measuredSeconds], [0, 0]);
  });
});

describe('compareSoak', () => {
  const soak = { soakId: 'soak-1', name: '=made' };
  const passed = compareCell(cell, [run(1, 'passed')]);
  const open = compareCell({ ...cell, sessions: 20 }, [run(1, null, null)]);
  const hetero = compareCell({ ...cell, layout: 'hetero', containerLock: 'sharded' }, [
    run(1, 'passed', heteroResult(4)),
  ]);
  const target = compareCell({ notifier: null, layout: null, sessions: 10 }, [
    run(1, 'passed', targetResult()),
  ]);

  it('matches its schema, done or not', () => {
    for (const cells of [[passed, hetero], [passed, open], [open], [target]]) {
      const comparison = compareSoak(soak, cells);
      assert.deepEqual(Value.Errors(Comparison, comparison), []);
      assert.equal(comparison.complete, !cells.includes(open));
    }
    const predicted = comparePredictions(
      cell,
      [madeResult()],
      predictionsOf(['server.wakesPerEcho = 1', 'server.ioThreads = 2', 'drift.p99 < 1us/h']),
    );
    const comparison = compareSoak(soak, [passed, open], { predictions: predicted });
    assert.deepEqual(Value.Errors(Comparison, comparison), []);
    const [header = [], line = []] = comparisonCsv(comparison)
      .split('\n')
      .map((text) => text.split(','));
    for (const count of ['asPredicted', 'notAsPredicted', 'noFigure']) {
      assert.equal(line[header.indexOf(`predictions.${count}`)], '1');
    }
    assert.equal(compareSoak(soak, [passed]).verdict, 'passed');
    assert.equal(compareSoak(soak, [passed, open]).verdict, null);
  });

  it('has no control characters in CSV', () => {
    const compared = compareSoak(soak, [passed, open]);
    const csv = comparisonCsv({ ...compared, name: 'red\u001b[31m\u202e' });
    assert.match(csv, /,red\ufffd\[31m\ufffd,/);
  });

  it('is written as CSV with a line per cell, empty fields for null, formulas escaped', () => {
    const lines = comparisonCsv(compareSoak(soak, [passed, open, hetero, target]))
      .trimEnd()
      .split('\n');
    assert.equal(lines.length, 5);
    const header = lines[0]?.split(',') ?? [];
    const field = (line: number, name: string) => lines[line]?.split(',')[header.indexOf(name)];
    assert.equal(field(1, 'key'), 'iocp.homo.10');
    assert.equal(field(1, 'name'), "'=made");
    assert.equal(field(1, 'ledger.balanced'), 'true');
    assert.equal(field(1, 'latencyIntended.count'), '1000');
    assert.equal(field(1, 'slowest.dominating'), '');
    assert.equal(field(2, 'offeredRate'), '');
    assert.equal(field(2, 'errors.corrupt'), '0');
    assert.equal(field(3, 'containerLock'), 'sharded');
    assert.equal(field(3, 'lockWait.count'), '1100');
    assert.equal(field(3, 'hopsPerMessage'), '1.1');
    assert.equal(field(3, 'slowest.dominating'), 'queue');
    assert.equal(field(3, 'slowest.meanUs.queue'), '8');
    assert.equal(field(4, 'key'), 'target.10');
    assert.equal(field(4, 'notifier'), '');
    assert.equal(field(4, 'echoes'), '1000');
    assert.equal(field(4, 'moves'), '');
    for (const line of [1, 3, 4]) assert.match(field(line, 'platform') ?? '', /^"Wine 8\.0/);
  });
});
