import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHistogram } from '@oversoak/contracts';
import * as dry from '@oversoak/testing/dry/engine';
import { serverFigures } from '../../src/host/measured.ts';
import { fleetWindow, serverWindow } from '../../src/host/windows.ts';
import { assignFleet, assignServer } from '../jobs.ts';

const SPAN = { startSeconds: 1, endSeconds: 2 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a window', () => {
  it('of a fleet has the figures of the fleet, and its time span', async () => {
    const { part } = assignFleet('run-a');
    assert.ok(part.role === 'fleet');
    const measurement = { fromSeconds: 0, seconds: 0.1, windowSeconds: 0.05, drainSeconds: 0 };
    const request = { ...part.options, host: '127.0.0.1', port: 1, measurement };
    const handle = dry.startFleet(request);
    await sleep(120);
    await handle.stop();
    const [first] = handle.takeWindows();
    assert.ok(first !== undefined);
    const window = fleetWindow(SPAN, first);
    assert.ok(window.load.echoed > 0);
    assert.deepEqual(window.load, first.load);
    assert.equal(readHistogram(window.intended).totalCount, window.load.echoed);
    assert.equal(window.startSeconds, 1);
  });

  it('of a server has errors by class and the mean queue depth of the window', () => {
    const { part } = assignServer('run-a');
    assert.ok(part.role === 'server');
    const own = { workingSetBytes: 2_000_000, privateBytes: null, handles: 7, threads: 3 };
    const figures = serverFigures(dry.startServer(part.options).snapshot(), own);
    const at = (errors: number, sum: number, looks: number) => ({
      ...figures,
      errors: { ...figures.errors, malformedFrame: errors },
      contents: figures.contents.map((content) => ({
        ...content,
        queueDepth: { max: 9, sum, looks },
      })),
    });
    const window = serverWindow(SPAN, at(2, 10, 10), at(5, 40, 20));
    assert.equal(window.errors.malformedFrame, 3);
    assert.equal(window.queueDepthMean, 3);
    assert.deepEqual(window.own, own);
    assert.equal(serverWindow(SPAN, at(2, 10, 10), at(2, 10, 10)).queueDepthMean, null);
    assert.throws(
      () => serverWindow(SPAN, at(2, 10, 10), at(1, 10, 10)),
      /counter errors.malformedFrame ran backwards: 2, then 1/,
    );
    assert.throws(() => serverWindow(SPAN, at(2, 10, 10), at(2, 10, 9)), /queueDepth.looks ran/);
  });
});
