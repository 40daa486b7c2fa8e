import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHistogram } from '@oversoak/contracts';
import * as dry from '../../src/dry/engine.ts';
import { fleetFigures, serverFigures } from '../../src/host/measured.ts';
import { fleetWindow, serverWindow } from '../../src/host/windows.ts';
import { assignFleet, assignServer } from '../jobs.ts';

const SPAN = { startSeconds: 1, endSeconds: 2 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a window', () => {
  it('of a fleet holds what came between its ends, and its latency alone', async () => {
    const { part } = assignFleet('run-a');
    assert.ok(part.role === 'fleet');
    const handle = dry.startFleet({ ...part.options, host: '127.0.0.1', port: 1 });
    await sleep(60);
    const earlier = fleetFigures(handle.snapshot());
    await sleep(60);
    const later = fleetFigures(handle.snapshot());
    await handle.stop();
    const window = fleetWindow(SPAN, earlier, later);
    assert.equal(window.sent, later.ledger.sent - earlier.ledger.sent);
    assert.ok(window.echoed > 0);
    assert.equal(readHistogram(window.intended).totalCount, window.echoed);
    assert.equal(window.startSeconds, 1);
    assert.ok(!('userSeconds' in window.process));
  });

  it('of a server counts errors by class and means the queue over the window', () => {
    const { part } = assignServer('run-a');
    assert.ok(part.role === 'server');
    const figures = serverFigures(dry.startServer(part.options).snapshot());
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
    assert.equal(serverWindow(SPAN, at(2, 10, 10), at(2, 10, 10)).queueDepthMean, null);
    assert.throws(
      () => serverWindow(SPAN, at(2, 10, 10), at(1, 10, 10)),
      /counter errors.malformedFrame ran backwards: 2, then 1/,
    );
    assert.throws(() => serverWindow(SPAN, at(2, 10, 10), at(2, 10, 9)), /queueDepth.looks ran/);
  });

  it('is none where a counter of the fleet ran backwards', async () => {
    const { part } = assignFleet('run-a');
    assert.ok(part.role === 'fleet');
    const handle = dry.startFleet({ ...part.options, host: '127.0.0.1', port: 1 });
    const figures = fleetFigures(handle.snapshot());
    await handle.stop();
    const at = (offered: number) => ({ ...figures, offered });
    assert.equal(fleetWindow(SPAN, at(7), at(9)).offered, 2);
    assert.throws(
      () => fleetWindow(SPAN, at(9), at(7)),
      /counter offered ran backwards: 9, then 7/,
    );
  });
});
