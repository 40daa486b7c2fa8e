// The real command on the real cluster: Redis, the control plane, a Wine and a Linux agent and the
// native addon. Run after the set-up: npm run test:e2e.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import type { ComparedCell } from '@oversoak/contracts';
import { comparison, oversoak, specFile } from './commands.ts';
import { allGone, leftOver, onIdleMachine } from './demo-process.ts';

const NOTIFIERS = ['iocp', 'completion-routine', 'event'];
const HOMO = NOTIFIERS.map((notifier) => `${notifier}.homo`);
/** The cells of the demo, layout by layout within a notifier. */
const HOMO_AND_HETERO = NOTIFIERS.flatMap((name) => [`${name}.homo`, `${name}.hetero`]);

/** Short phases: the point is the way through every part, not the figures. */
const SOAK = {
  workload: { ratePerSecond: 500, overSend: 4 },
  phases: { rampUpSeconds: 1, warmUpSeconds: 0.5, measureSeconds: 2, drainSeconds: 2 },
};

function errorsOf(cell: ComparedCell): [string, number][] {
  return Object.entries(cell.errors as Record<string, number>).filter(([, count]) => count > 0);
}

function assertPassed(cells: ComparedCell[], servers: string[], sessions: number): void {
  assert.deepEqual(
    cells.map(({ key }) => key),
    servers.map((server) => `${server}.${sessions}`),
  );
  for (const cell of cells) {
    assert.deepEqual([cell.key, cell.verdict, errorsOf(cell)], [cell.key, 'passed', []]);
    assert.equal(cell.cell.sessions, sessions);
    const { sent, echoed, inFlight, lostOnClose, balanced } = cell.ledger;
    assert.equal(sent, echoed + inFlight + lostOnClose, cell.key);
    assert.equal(balanced, true, cell.key);
    assert.ok(cell.echoes > 500, `${cell.key}: ${cell.echoes} echoes`);
    // All but those that the fleet itself held up by standing still.
    const { count } = cell.latencyIntended;
    assert.ok(count <= cell.echoes && count > 0.5 * cell.echoes, `${cell.key}: ${count} latencies`);
    assert.ok((cell.achievedRate ?? 0) >= 0.99 * (cell.offeredRate ?? 0), cell.key);
  }
}

test('demo --quick compares three models with two layouts, passes, and leaves nothing behind', async (t) => {
  const demo = await onIdleMachine(async () => {
    const command = await oversoak(t, 'demo', '--quick', '--json', 'out.json');
    await command.says(/^Submitted soak-/m);
    const footprint = await command.footprint();
    // Redis, control plane, two agents and a wineserver at the least.
    assert.ok(footprint.pids.length >= 5, `${footprint.pids.length} processes`);
    await command.exitCode();
    assert.deepEqual(await leftOver(footprint), []);
    return command;
  });
  assert.equal(await demo.exitCode(), 0, demo.output);
  const result = await comparison(demo);
  assert.deepEqual([result.complete, result.verdict], [true, 'passed']);
  assertPassed(result.cells, HOMO_AND_HETERO, 100);
  for (const { key, cell, ...figures } of result.cells) {
    const hetero = cell.layout === 'hetero';
    assert.equal(figures.contentThreadsRan, hetero ? 3 : 0, key);
    assert.equal(figures.lockWait.count > 0, hetero, `${key}: lookups in the player container`);
    assert.ok((figures.moves ?? 0) > 0, `${key}: players move under every layout`);
  }
  assert.match(demo.output, /^notifier .* lock +queue +depth /m);
  assert.match(
    demo.output,
    /^iocp\.hetero\.100, slowest [\d,]+ echoes \(mean .* ms\): [\w+]+ \d+ %/m,
  );
  assert.match(demo.output, /^Platform: server: Wine .*: correctness and relative cost/m);
  assert.match(demo.output, /^Platform: fleet: Linux \d/m);
  assert.match(demo.output, /Verdict: passed\n$/);
});

test('every echo of 500 sessions is accounted for under each model', async (t) => {
  const spec = { name: 'sessions-500', ...SOAK };
  const file = await specFile(t, { ...spec, matrix: { notifier: NOTIFIERS, sessions: [500] } });
  const demo = await onIdleMachine(() => oversoak(t, 'demo', file, '--json', 'out.json'));
  assert.equal(await demo.exitCode(), 0, demo.output);
  assertPassed((await comparison(demo)).cells, HOMO, 500);
});

test('a server that corrupts echoes is detected: exit code 1', async (t) => {
  const matrix = { notifier: ['iocp'], sessions: [20] };
  const file = await specFile(t, { name: 'corrupt', ...SOAK, matrix, fault: { corruptEvery: 50 } });
  const demo = await oversoak(t, 'demo', file, '--json', 'out.json');
  assert.equal(await demo.exitCode(), 1, demo.output);
  const { verdict, cells } = await comparison(demo);
  assert.equal(verdict, 'failed');
  assert.ok((cells[0]?.errors.corrupt ?? 0) > 0);
  assert.match(demo.output, /errors\.corrupt/);
});

test('Ctrl-C during a demo cancels it, keeps what was measured and leaves nothing behind', async (t) => {
  const demo = await oversoak(t, 'demo', '--json', 'out.json');
  await demo.says(/: warming$/m);
  const footprint = await demo.footprint();
  demo.pressCtrlC();
  assert.equal(await demo.exitCode(), 2, demo.output);
  assert.deepEqual(await leftOver(footprint), []);
  assert.match(demo.output, /Cancelling[\s\S]*stopped by SIGINT/);
  const { name, cells } = await comparison(demo);
  assert.equal(name, 'demo');
  assert.ok(cells.length > 0, 'the file has the cells');
  assert.doesNotMatch(demo.output, /not seen to the end/);
});

test('a spec that the API refuses is shown by its fields: exit code 2', async (t) => {
  const matrix = { notifier: ['iocp'], sessions: [20] };
  const file = await specFile(t, { name: 'refused', ...SOAK, matrix, thresholds: ['p99 < 1ms'] });
  const demo = await oversoak(t, 'demo', file);
  assert.equal(await demo.exitCode(), 2, demo.output);
  assert.match(demo.output, /\/thresholds\/0: unknown metric "p99"; valid: /);
});

test('start prints how to use it; its processes end with it even when it is killed', async (t) => {
  const start = await oversoak(t, 'start', '--port', '0');
  await start.says(/^API +http:\/\/127\.0\.0\.1:\d+$[\s\S]*^Token +\S+$/m);
  const footprint = await start.footprint();
  t.after(() => rm(footprint.folder, { recursive: true, force: true, maxRetries: 5 }));
  start.kill();
  await allGone(footprint);
  assert.ok(existsSync(footprint.folder), 'only the folder stays: nobody is left to remove it');
});
