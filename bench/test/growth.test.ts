import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchScale, type ScaleFigures, scaleProblems, scaleText } from '../src/cluster/growth.ts';

const MET: ScaleFigures = {
  ...{ agents: 200, runs: 5000, seconds: 45 },
  script: { p50Ms: 0.2, p99Ms: 10, maxMs: 30 },
  acted: { p50Ms: 2, p99Ms: 200, maxMs: 900 },
  steps: {
    read: { p50Ms: 1, p99Ms: 40, maxMs: 100 },
    handled: { p50Ms: 0.4, p99Ms: 10, maxMs: 30 },
    stored: { p50Ms: 0.6, p99Ms: 150, maxMs: 800 },
  },
  ...{ reportsPerSecond: 20, busiestSecond: 90, cores: 1, redisCores: 0.3, agentsCores: 0.6 },
  ...{ memoryMiB: 512, waitedShare: 0, stillQueued: 4000 },
};

describe('the growth of a control plane', () => {
  it('is measured with agents that joined', async () => {
    const options = { agents: 12, runs: 40, seconds: 4 };
    const figures = await benchScale(options, new AbortController().signal);
    assert.equal(figures.agents, 12);
    assert.ok(figures.stillQueued > 0 && figures.stillQueued < 40, `${figures.stillQueued}`);
    assert.ok(figures.reportsPerSecond > 0);
    assert.ok(figures.busiestSecond > 0);
    assert.ok(figures.script.p50Ms > 0 && figures.acted.p50Ms > 0);
    const { read, handled, stored } = figures.steps;
    for (const step of [read, handled, stored]) assert.ok(step.p50Ms > 0 && step.p99Ms > 0);
    // Each is a part of the whole.
    const most = Math.max(read.maxMs, handled.maxMs, stored.maxMs);
    assert.ok(most <= figures.acted.maxMs, JSON.stringify(figures));
    assert.ok(figures.cores > 0 && figures.memoryMiB > 20);
    assert.ok(figures.redisCores > 0 && figures.agentsCores > 0);
    assert.ok(figures.waitedShare >= 0 && figures.waitedShare <= 1, `${figures.waitedShare}`);
  });

  it('ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    const options = { agents: 12, runs: 400, seconds: 600 };
    const measuring = benchScale(options, interrupted.signal);
    setTimeout(() => interrupted.abort(new Error('ended by SIGTERM')), 2_000);
    await assert.rejects(measuring, (error: Error) => {
      return error.name === 'AbortError' || error.message === 'ended by SIGTERM';
    });
  });

  it('misses an aim where a figure is above it, and where nothing was measured', () => {
    assert.deepEqual(scaleProblems(MET), []);
    for (const [change, problem] of [
      [{ script: { ...MET.script, p99Ms: 10.1 } }, /^p99 of one allocation with 200 agents: 10\.1/],
      [{ acted: { ...MET.acted, p99Ms: 201 } }, /^p99 until a report is acted on .* 201 ms/],
      [{ cores: 1.01 }, /1\.01 cores, aim 1 cores/],
      [{ memoryMiB: 513 }, /513 MiB, aim 512 MiB/],
      [{ reportsPerSecond: 0 }, /^no report/],
      [{ stillQueued: 0 }, /^the queue was empty/],
    ] as const) {
      const [found = '', ...more] = scaleProblems({ ...MET, ...change });
      assert.match(found, problem);
      assert.deepEqual(more, []);
    }
  });

  it('is printed beside the aims', () => {
    const text = scaleText([MET, { ...MET, agents: 2000, cores: 2.5 }]);
    assert.match(text, /200 agents.*2000 agents.*growth.*aim/);
    assert.match(text, /until it is stored and its jobs are sent, p50 ms\W+0\.6\W+0\.6\W+x 1\.0/);
    assert.match(text, /control plane, cores\W+1\.00\W+2\.50\W+x 2\.5\W+<= 1\W/);
  });
});
