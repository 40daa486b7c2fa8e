import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgentProbes, PROBE_NAMES } from '@oversoak/contracts';
import colors from 'picocolors';
import { figureText } from '../../src/view/probe-figures.ts';
import { openProbesProgress } from '../../src/view/probes-progress.ts';
import { keyFigures, probesText } from '../../src/view/probes-text.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { madeAnswer, madeProbes } from '../probes.ts';
import { assertGolden } from './golden.ts';

const plain = colors.createColors(false);
const FAILED = 'socket-is-overlapped';
const probes: AgentProbes = madeProbes({
  answers: [
    madeAnswer('overlapped-receive-pends', 'holds', { value: 997 }),
    madeAnswer(FAILED, 'does-not-hold', { note: 'expected: so does one of WSASocket', value: 0 }),
    madeAnswer('adapters-segment', 'unsupported', { note: 'no settings', value: null }),
    madeAnswer('file-io-is-reported'),
  ],
});

test('probes show their outcomes and figures, and failed ones their claim and evidence', () => {
  for (const columns of [120, 60]) {
    const text = probesText(probes, { columns, when: false }, plain);
    assertGolden(`probes-${columns}.txt`, `${text}\n`);
    const table = text.slice(0, text.indexOf('\n\nsocket-is-overlapped'));
    for (const line of table.split('\n')) assert.ok(line.length <= columns, line);
  }
});

test('unanswered probes are named, with the reason', () => {
  const requested = [{ name: 'acceptex-pends', requestedAtMs: 0, startedAtMs: null }];
  const text = (changes: Partial<AgentProbes>) =>
    probesText(
      madeProbes({ requested, answers: [], ...changes }),
      { columns: 80, when: false },
      plain,
    );
  assert.match(
    text({}),
    /^No answers; 1 without an answer \(requested\)\n {2}no answer: acceptex-pend/m,
  );
  assert.match(text({ waiting: 'it has runs' }), /1 without an answer \(it has runs\)/);
  assert.match(text({ live: false }), /1 without an answer \(the agent was lost\)/);
});

test('the latest answers show their time', () => {
  const text = probesText(madeProbes(), { columns: 120, when: true }, plain);
  assert.match(text, /^acceptex-pends +holds +2026-11-24 18:00:00 +callUs 1.00 us/m);
  assert.match(text, new RegExp(`^${PROBE_NAMES.length} hold$`, 'm'));
});

test('as many figures are shown as fit', () => {
  const answer = madeAnswer('wait-takes-64-handles', 'holds', { value: 63 });
  assert.equal(keyFigures(answer, 100), 'answerOf64 63, answerOf65 63, errorOf65 63');
  assert.equal(keyFigures(answer, 30), 'answerOf64 63, answerOf65 63');
  assert.equal(keyFigures(answer, 0), 'answerOf64 63');
  assert.equal(keyFigures(madeAnswer('adapters-segment', 'holds', { value: null }), 50), '–');
});

test('a figure is written with its unit; an unknown one as a dash', () => {
  const texts = [
    ['us', 12.345, '12.3 us'],
    ['ms', 0.5, '0.50 ms'],
    ['bytes', 49_152, '49,152 bytes'],
    ['bytes', 1, '1 byte'],
    ['count', 5000, '5,000'],
    ['count', 2.5, '2.50'],
    ['perSecond', 486.25, '486 /s'],
    ['code', 4294967295, '4294967295'],
    ['yes', 1, 'yes'],
    ['yes', 0, 'no'],
    ['us', null, '–'],
  ] as const;
  for (const [unit, value, text] of texts) assert.equal(figureText({ unit, value }), text);
});

test('on a pipe, each answer and each reason to wait is printed once', () => {
  const terminal = plainTerminal();
  const progress = openProbesProgress(terminal);
  const requested = [{ name: FAILED, requestedAtMs: 0, startedAtMs: null }];
  progress.probes(madeProbes({ requested, answers: [], waiting: 'it has runs' }));
  progress.probes(madeProbes({ requested, answers: [], waiting: 'it has runs' }));
  progress.probes(madeProbes({ answers: [madeAnswer(FAILED, 'does-not-hold')] }));
  progress.probes(madeProbes({ answers: [madeAnswer(FAILED, 'does-not-hold')] }));
  progress.stop();
  assert.equal(terminal.text(), `agent-a: it has runs\nagent-a: ${FAILED} does not hold\n`);
});

test('on a terminal, each agent has a progress line, which is removed at the end', () => {
  const terminal = { ...plainTerminal(80), live: true };
  // The cursor is hidden only where there is a terminal.
  Object.assign(terminal.out, { isTTY: true, columns: 80 });
  const progress = openProbesProgress(terminal);
  const requested = [{ name: FAILED, requestedAtMs: 0, startedAtMs: 1 }];
  progress.probes(madeProbes({ requested, answers: [madeAnswer('acceptex-pends')] }));
  progress.stop();
  const text = terminal.text();
  assert.match(text, /agent-a: 1 of 2 answered; now socket-is-overlapped/);
  assert.ok(text.lastIndexOf('\u001b[2K') > text.lastIndexOf('answered'), 'the line is cleared');
});
