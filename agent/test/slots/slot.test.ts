import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assign, Report } from '@oversoak/contracts';
import { environment } from '@oversoak/testing/builders/made-agents';
import { BEHAVIOUR } from '@oversoak/testing/dry/engine';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { machineMs } from '../../src/host/clock.ts';
import { forkHost } from '../../src/host/host-process.ts';
import type { ToHost } from '../../src/host/messages.ts';
import { withPlugin } from '../../src/slots/plugin-reason.ts';
import { Slot } from '../../src/slots/slot.ts';
import { assignFleet, assignServer, SHORT, start } from '../jobs.ts';
import { NO_TELEMETRY } from '../no-telemetry.ts';

/** As FINISH_GRACE_MS of a slot: by so much its clock is ahead here, so that the wait is short. */
const AHEAD_MS = 20_000;
const PLANNED_MS = (0.1 + 0.1 + 0.4 + 1) * 1_000;

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const BOUNDED = { timeout: 30_000 };

test('a host process that does not end is killed: the part has failed', BOUNDED, async (t) => {
  const reports: Report[] = [];
  const prepared = Promise.withResolvers<void>();
  let pid = 0;
  const offsetMs = Date.now() - machineMs();
  const slot = new Slot(
    {
      agentId: 'agent-1',
      incarnation: 'agent-1-1',
      environment: {} as never,
      targets: ['127.0.0.0/8:7000'],
      peers: ['127.0.0.0/8'],
      plugins: [],
      listenHost: '127.0.0.1',
      engine: DRY_ENGINE,
      fork: (listener) => {
        const host = forkHost(listener);
        pid = host.pid ?? 0;
        t.after(() => host.kill());
        return host;
      },
      clock: {
        nowMs: () => Date.now() + AHEAD_MS,
        wallOffsetMs: 0,
        toRedisMs: (localMs) => localMs + offsetMs,
        toLocalMs: (redisMs) => redisMs - offsetMs,
      },
      telemetry: NO_TELEMETRY,
      report: (report) => {
        reports.push(report);
        if (report.kind === 'prepared') prepared.resolve();
      },
      sample: () => undefined,
    },
    assignFleet('run-a', {
      behaviour: BEHAVIOUR.hangOnStop,
      phases: SHORT,
      deadlineMs: Date.now() + 10 * AHEAD_MS,
    }),
  );
  slot.begin();
  await prepared.promise;
  const begunMs = performance.now();
  assert.equal(slot.start(start('run-a')), true);
  await slot.ended;
  assert.ok(performance.now() - begunMs >= PLANNED_MS - 100, 'it was given all of its time');
  assert.equal(isAlive(pid), false);
  assert.deepEqual(
    reports.map(({ kind }) => kind),
    ['prepared', 'started', 'failed'],
  );
  const failed = reports.at(-1);
  assert.ok(failed?.kind === 'failed');
  assert.equal(failed.reason, 'it did not finish in time');
});

test('a server uses the calibration and address of its agent, whatever the job contains', () => {
  const sent: ToHost[] = [];
  const made = environment();
  const begin = (assign: Assign) =>
    new Slot(
      {
        ...{ agentId: 'agent-1', incarnation: 'agent-1-1', listenHost: '127.0.0.1' },
        ...{ targets: [], peers: [], plugins: [] },
        environment: made,
        engine: DRY_ENGINE,
        fork: () => ({ pid: 1, send: (message) => sent.push(message), kill: () => undefined }),
        clock: {
          ...{ nowMs: Date.now, wallOffsetMs: 0 },
          ...{ toRedisMs: (ms: number) => ms, toLocalMs: (ms: number) => ms },
        },
        telemetry: NO_TELEMETRY,
        ...{ report: () => undefined, sample: () => undefined },
      },
      assign,
    ).begin();
  begin(assignServer('run-b'));
  begin(assignFleet('run-b'));
  const options = sent.map((message) => message.kind === 'prepare' && message.part.options);
  const { spinTurnsPerUs } = made.capabilities;
  assert.ok(options[0] && 'spinTurnsPerUs' in options[0]);
  assert.equal(options[0].spinTurnsPerUs, spinTurnsPerUs);
  assert.equal('host' in options[0] && options[0].host, '127.0.0.1');
  assert.ok(options[1] && !('spinTurnsPerUs' in options[1]));
});

/** Reports of a fleet whose host never answers, which exits once it is killed. */
async function silent(changes: Parameters<typeof assignFleet>[1]): Promise<Report[]> {
  const reports: Report[] = [];
  const slot = new Slot(
    {
      ...{ agentId: 'agent-1', incarnation: 'agent-1-1', listenHost: '127.0.0.1' },
      ...{ targets: [], peers: [], plugins: [] },
      environment: environment(),
      engine: DRY_ENGINE,
      fork: ({ onExit }) => ({
        pid: 1,
        send: () => undefined,
        kill: () => onExit({ code: null, signal: 'SIGKILL', stderrTail: '', leftOthers: false }),
      }),
      clock: {
        ...{ nowMs: Date.now, wallOffsetMs: 0 },
        ...{ toRedisMs: (ms: number) => ms, toLocalMs: (ms: number) => ms },
      },
      telemetry: NO_TELEMETRY,
      ...{ report: (report) => reports.push(report), sample: () => undefined },
    },
    assignFleet('run-c', changes),
  );
  slot.begin();
  await slot.ended;
  return reports;
}

test(
  'a part that does not get ready says so before its deadline, with its plug-in',
  BOUNDED,
  async () => {
    const deadlineMs = Date.now() + 1_000;
    const protocol = { plugin: { file: 'guild.so', sha256: 'a'.repeat(64), options: '' } };
    const [[spoken], [raw]] = await Promise.all([
      silent({ deadlineMs, protocol }),
      silent({ deadlineMs }),
    ]);
    const late = 'it was not prepared before the deadline';
    assert.ok(spoken?.kind === 'failed' && raw?.kind === 'failed');
    assert.equal(spoken.reason, `${late}; its plug-in guild.so may hang`);
    assert.equal(raw.reason, late);
    assert.ok(spoken.atMs < deadlineMs, `${spoken.atMs - deadlineMs} ms after the deadline`);
    assert.ok(!('pluginMay' in spoken));
  },
);

test('a reason names the plug-in once', () => {
  const protocol = { plugin: { file: 'guild.so', sha256: 'a'.repeat(64), options: '' } };
  const { part } = assignFleet('run-c', { protocol });
  const said = 'signal SIGSEGV; it said: fatal: the plug-in guild.so crashed in hear (SIGSEGV)';
  assert.equal(withPlugin(said, 'have ended it', part), said);
  assert.equal(
    withPlugin('exit code 7', 'have ended it', part),
    'exit code 7; its plug-in guild.so may have ended it',
  );
});
