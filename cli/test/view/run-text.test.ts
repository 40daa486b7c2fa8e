import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { RunWithResult } from '@oversoak/contracts';
import { serverFigures, serverResult } from '@oversoak/testing/builders/made-figures';
import { doneRun, fleetResult } from '@oversoak/testing/builders/results';
import { run } from '@oversoak/testing/builders/soaks';
import colors from 'picocolors';
import { boundText } from '../../src/view/evidence-text.ts';
import { runText } from '../../src/view/run-text.ts';
import { assertGolden } from './golden.ts';

const plain = colors.createColors(false);
const queued: RunWithResult = { ...run('run-2', 'queued', { epoch: 0 }), result: null };
const measuring: RunWithResult = {
  ...run('run-3', 'measuring', { gang: [{ agentId: 'agent-a', role: 'server' }], startAtMs: 0 }),
  result: null,
};

const cases: { golden: string; given: RunWithResult; columns: number }[] = [
  { golden: 'run-120.txt', given: doneRun(), columns: 120 },
  { golden: 'run-60.txt', given: doneRun(), columns: 60 },
  { golden: 'run-queued-120.txt', given: queued, columns: 120 },
  { golden: 'run-measuring-120.txt', given: measuring, columns: 120 },
  // Cancelled, or lost before anything was measured.
  {
    golden: 'run-no-result-60.txt',
    given: doneRun({ evidence: null, fleets: {}, notes: [], late: [] }),
    columns: 60,
  },
];

for (const { golden, given, columns } of cases) {
  test(`a run in ${columns} columns is ${golden}`, () => {
    assertGolden(golden, `${runText(given, columns, plain)}\n`);
  });
}

test('colour is used only on request', () => {
  const text = runText(doneRun(), 120, plain);
  assert.equal(stripVTControlCharacters(text), text);
  const coloured = runText(doneRun(), 120, colors.createColors(true));
  assert.notEqual(coloured, text);
  const lines = stripVTControlCharacters(coloured).split('\n');
  assert.equal(lines.map((line) => line.trimEnd()).join('\n'), text);
});

test('the first errors are shown with all that is known of them', () => {
  const fleet = fleetResult([100], [1]);
  fleet.firstErrors = [
    {
      class: 'corrupt',
      peer: '192.0.2.7:7000',
      session: 3,
      localPort: 50_123,
      sinceStartSeconds: 12.345_678,
      what: 'other bytes than its checksum says',
      message: 41,
      offset: 99,
      expectedHex: '6a',
      gotHex: '6b',
    },
    {
      class: 'connectFailed',
      peer: '192.0.2.7:7000',
      session: 4,
      sinceStartSeconds: 1,
      what: 'the connect failed',
      code: 'WSAECONNREFUSED (10061)',
    },
  ];
  const text = runText(doneRun({ fleets: { 'agent-b': fleet } }), 120, plain);
  const at = text.split('\n').indexOf('First errors');
  assert.deepEqual(text.split('\n').slice(at + 1, at + 3), [
    '  - corrupt at 12.346 s, session 3 (port 50123), peer 192.0.2.7:7000: other bytes than its checksum says, message 41, offset 99, expected 6a, got 6b (fleet agent-b)',
    '  - connectFailed at 1 s, session 4, peer 192.0.2.7:7000: the connect failed, WSAECONNREFUSED (10061) (fleet agent-b)',
  ]);
});

test("a server's first errors are shown, without resets that its fleets all meant", () => {
  const errorsOf = (peerReset: number, aborts: number) => {
    const figures = serverFigures(100);
    const server = serverResult({ ...figures, errors: { ...figures.errors, peerReset } });
    const at = { session: 0, peer: '[fd00::2]:50123', sinceStartSeconds: -0.5 };
    server.firstErrors = [
      { ...at, class: 'peerReset', what: 'the peer reset the connection', code: 'E (1)' },
      { class: 'acceptFailed', sinceStartSeconds: 2, what: 'accept failed', code: 'EMFILE (24)' },
    ];
    const fleet = fleetResult([100], [1]);
    fleet.figures.final.sessions.aborts = aborts;
    const text = runText(doneRun({ server, fleets: { 'agent-b': fleet } }), 120, plain);
    return text.split('\n').filter((line) => line.endsWith('(server)'));
  };
  const accept = '  - acceptFailed at 2 s: accept failed, EMFILE (24) (server)';
  const reset =
    '  - peerReset at -0.5 s, session 0, peer [fd00::2]:50123: the peer reset the connection, E (1) (server)';
  assert.deepEqual(errorsOf(3, 2), [reset, accept]);
  assert.deepEqual(errorsOf(3, 3), [accept]);
});

test('a target by name is shown with the address that the fleet loaded', () => {
  const fleet = fleetResult([100], [1]);
  fleet.targetAddress = 'fd00::7';
  const named = doneRun({ server: null, fleets: { 'agent-b': fleet } });
  const target = { host: 'game.example', port: 7000, protocol: 'raw' } as const;
  if (named.result !== null) named.result.spec.target = target;
  const line = 'game.example:7000 was [fd00::7]:7000 to the fleet agent-b';
  assert.ok(runText(named, 120, plain).split('\n').includes(line));
});

test('the bound is rounded to the side on which it holds', () => {
  assert.equal(
    boundText({ errors: 1, echoes: 63_555, upperRate: 4.744 / 63_555 }),
    '1 error in 63,555 echoes: fewer than 1 in 13,396 at 95 %',
  );
  assert.match(boundText({ errors: 3, echoes: 3, upperRate: 1 }), /fewer than 1 in 1 at 95 %/);
});

test('a curve that is wider than the terminal shows the worst window of each column', () => {
  const echoes = Array.from({ length: 120 }, (_, index) => (index === 61 ? 10 : 800));
  const latencyMs = echoes.map((_, index) => (index === 30 ? 80 : 1));
  const fleets = { 'agent-b': fleetResult(echoes, latencyMs) };
  const lines = runText(doneRun({ fleets }), 120, plain).split('\n');
  const at = lines.findIndex((line) => line.startsWith('Measurement in 120 windows'));
  assert.equal(lines[at], 'Measurement in 120 windows of 1 s; a column is the worst of 2');
  const [p99 = '', rate = ''] = lines.slice(at + 1);
  assert.equal(p99, `  p99   ${'▁'.repeat(15)}█${'▁'.repeat(44)}  1.00 to 80.0 ms`);
  assert.equal(rate, `  rate  ${'█'.repeat(30)}▁${'█'.repeat(29)}  10.0 to 800.0 echoes/s`);
});

test('fleets are merged by counts, window by window; a window that one lacks is omitted', () => {
  const slept = fleetResult([100, 100, 100], [1, 1, 9]);
  slept.series.windows.splice(1, 1);
  const fleets = { 'agent-b': fleetResult([50, 50, 50], [2, 2, 2]), 'agent-c': slept };
  const text = runText(doneRun({ fleets }), 120, plain);
  assert.match(text, /in 2 windows of 1 s; 1 omitted that some fleet lacks/);
  assert.match(text, / 2\.00 to 9\.0\d ms/);
  assert.match(text, / 150\.0 to 150\.0 echoes\/s/);
});
