import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyHistogram, ofLatencies, writeHistogram } from '@oversoak/contracts';
import { fleetSample, run, soak } from '@oversoak/testing/builders/soaks';
import { barLine, runLine, stateLine, waitingText } from '../../src/view/progress-lines.ts';
import { withEvent, withSoak } from '../../src/watch/progress.ts';

const first = withSoak(soak([run('run-1', 'warming'), run('run-2', 'queued')]));
const measured = [fleetSample('run-1', 8, 5_600), fleetSample('run-1', 9, 6_399)].reduce(
  (progress, sample) => withEvent(progress, { kind: 'sample', sample }),
  first,
);

test('the bar shows the share of all planned seconds, the cell, its phase and figures', () => {
  assert.equal(
    barLine(measured, 0),
    'demo ██████░░░░░░░░░░░░░░░░░░ 25 %  9s, 27s left  0/1 cells, 0/2 runs  iocp.homo.100 #1 warming  799 echoes/s  100 live  0 errors',
  );
  assert.match(
    barLine(first, 0),
    /^demo ░{24} 0 % {2}0s, 36s left {2}0\/1 cells, 0\/2 runs {2}iocp.homo.100 #1 warming/,
  );
});

test('ramp-up is distinguished from warm-up', () => {
  const sample = fleetSample('run-1', 1, 10, { phase: 'ramping' });
  const [ramping] = withEvent(first, { kind: 'sample', sample }).runs;
  assert.ok(ramping);
  assert.equal(runLine(ramping), 'ramping up, 1 s, 10 echoes/s, 100 live sessions, 0 errors');
});

test('a run on a target is named without a notifier', () => {
  const cell = { notifier: null, layout: null, sessions: 50 };
  const progress = withSoak(soak([run('run-1', 'measuring', { cell })]));
  assert.match(barLine(progress, 0), / target\.50 #1 measuring /);
});

test('a finished run shows its verdict and the reasons', () => {
  const judgement = {
    verdict: 'failed' as const,
    reasons: ['errors.corrupt is 2, not == 0'],
    loadSound: true,
  };
  const [ended] = withSoak(soak([run('run-1', 'done', { judgement })])).runs;
  assert.ok(ended);
  assert.equal(stateLine(ended), 'failed; errors.corrupt is 2, not == 0');
});

test('a waiting soak shows for how long, and the reason if the API has one', () => {
  const queued = soak([run('run-1', 'queued'), run('run-2', 'queued')], { state: 'queued' });
  const waiting = withSoak(queued);
  assert.equal(waitingText(waiting, 125_400), 'queued for 2m 5s: waiting for agents');
  const busy = withSoak({ ...queued, waiting: 'agent-a is busy' });
  assert.equal(waitingText(busy, 7_500_000), 'queued for 2h 5m: agent-a is busy');
  assert.match(barLine(busy, 3_000), / 0\/2 runs {2}queued for 3s: agent-a is busy {2}0 errors/);
  // This machine's clock may be behind Redis'.
  assert.equal(waitingText(waiting, -500), 'queued for 1s: waiting for agents');
  const between = withSoak(soak([run('run-1', 'done'), run('run-2', 'queued')]));
  assert.equal(waitingText(between, 60_000), 'waiting for agents');
});

test('the percentiles so far are those of the measurement, merged by counts', () => {
  const latency = (...valuesMs: number[]) => {
    const histogram = emptyHistogram();
    for (const value of valuesMs) histogram.recordValue(value * 1e6);
    const text = writeHistogram(histogram);
    return ofLatencies(() => text);
  };
  const samples = [
    { ...fleetSample('run-1', 2, 10, { phase: 'warming' }), intervalLatency: latency(900) },
    { ...fleetSample('run-1', 5, 20), intervalLatency: latency(1, 1, 1) },
    { ...fleetSample('run-1', 6, 30), intervalLatency: latency(40) },
  ];
  const progress = samples.reduce((so, sample) => withEvent(so, { kind: 'sample', sample }), first);
  assert.match(barLine(progress, 0), / {2}p50 1\.00, p99 40\.\d ms {2}0 errors/);
});
