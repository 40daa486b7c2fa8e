import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stage } from '@oversoak/contracts';
import { comparedCell, heteroCell, targetCell, zonesCell } from '@oversoak/testing/builders/soaks';
import colors from 'picocolors';
import { slowestLines, stageShares } from '../../src/view/slowest-lines.ts';

const plain = colors.createColors(false);

const slowest = (meanUs: Partial<Record<Stage, number>>, dominating: Stage) => ({
  count: 10,
  meanUs: {
    client: 0,
    'network+wake': 0,
    lock: 0,
    queue: 0,
    work: 0,
    send: 0,
    'fan-out': 0,
    ...meanUs,
  },
  dominating,
});

test('the dominating stage comes first, and a stage below half a percent is left out', () => {
  const shares = stageShares(slowest({ work: 4, 'network+wake': 991, queue: 5 }, 'network+wake'));
  assert.deepEqual(shares, [
    { stage: 'network+wake', share: 0.991 },
    { stage: 'queue', share: 0.005 },
  ]);
});

test('a line names the cell, the mean of its slowest echoes, and the stages', () => {
  const cell = heteroCell('iocp', {
    key: 'iocp.hetero.200',
    slowest: slowest(
      { client: 123, 'network+wake': 2460, lock: 246, queue: 8733, work: 738 },
      'queue',
    ),
  });
  const [legend = '', ...lines] = slowestLines([comparedCell('iocp'), cell], plain);
  assert.match(
    legend,
    /^Stages: client \(.*\), network\+wake \(.*\), lock \(.*\), queue \(.*\), work/,
  );
  assert.ok(legend.length <= 120, `${legend.length} characters`);
  assert.deepEqual(lines, [
    'iocp.hetero.200, slowest 10 echoes (mean 12.3 ms): ' +
      'queue 71 %, network+wake 20 %, work 6 %, lock 2 %, client 1 %',
  ]);
});

test('the fan-out is explained where there are zones', () => {
  const cell = { ...heteroCell('iocp'), zones: zonesCell('hetero').zones };
  const [legend, fanOut] = slowestLines([cell], plain);
  assert.doesNotMatch(legend ?? '', /fan-out/);
  assert.equal(fanOut, '  and, of messages to a zone, fan-out (from its number in the zone)');
});

test('only the dominating stage is coloured', () => {
  const coloured = colors.createColors(true);
  const [, line = ''] = slowestLines([heteroCell('iocp')], coloured);
  assert.ok(line.includes(`: ${coloured.yellow('queue 71 %')}, network+wake 20 %`), line);
});

test('without stamps there is no line and no legend', () => {
  assert.deepEqual(slowestLines([targetCell()], plain), []);
});
