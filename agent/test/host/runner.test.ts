import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  Endpoint,
  FleetResult,
  FleetSnapshot,
  ServerResult,
  ServerSnapshot,
  ServerWindow,
} from '@oversoak/contracts';
import * as dry from '@oversoak/testing/dry/engine';
import type { HostClock } from '../../src/host/clock.ts';
import type { Engine } from '../../src/host/engine.ts';
import type { Javascript } from '../../src/host/javascript.ts';
import type { FromHost, ReadingsWanted } from '../../src/host/messages.ts';
import { Runner } from '../../src/host/runner.ts';
import { assignFleet, assignServer } from '../jobs.ts';

const ENDPOINT = { host: '127.0.0.1', port: 40_000 };
const PHASES = { rampUpSeconds: 1, warmUpSeconds: 1, measureSeconds: 3, drainSeconds: 2 };

/** Time that passes only when somebody sleeps, and then at once. */
class JumpingClock implements HostClock {
  now = 50_000;
  readonly #onJump: (nowMs: number) => void;

  constructor(onJump: (nowMs: number) => void = () => undefined) {
    this.#onJump = onJump;
  }

  monotonicMs(): number {
    return this.now;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise(setImmediate);
    signal.throwIfAborted();
    this.now += ms;
    this.#onJump(this.now);
  }
}

function runner(
  engine: Engine,
  role: 'server' | 'fleet',
  clock: HostClock,
  {
    readings = null as ReadingsWanted | null,
    javascript = { collect: () => 0, shrink: () => 0 } as Javascript,
    phases = PHASES,
    target = undefined as Endpoint | undefined,
    targets = ['127.0.0.0/8'],
    resolve = async (_: string): Promise<string[]> => [],
  } = {},
) {
  const said: FromHost[] = [];
  const fleet = target === undefined ? {} : { target };
  const assign = role === 'server' ? assignServer('run-a') : assignFleet('run-a', fleet);
  const surroundings = { clock, javascript, resolve };
  const made = new Runner(
    engine,
    { ...assign, phases, targets, peers: ['127.0.0.0/8'], plugins: [], readings },
    surroundings,
    (each) => said.push(each),
  );
  const samples = () =>
    said.flatMap((each) =>
      each.kind === 'sample' ? [`${each.sample.phase} ${each.sample.sinceStartSeconds}`] : [],
    );
  return { made, said, samples };
}

const windowsOf = (said: readonly FromHost[]) =>
  said.flatMap((each) => (each.kind === 'window' ? [each.window] : []));
const spans = (said: readonly FromHost[]) =>
  windowsOf(said).map(({ startSeconds, endSeconds }) => `${startSeconds}-${endSeconds}`);

/** A server whose sessions the test sets. */
function serverWith(live: () => number, log: string[]): Engine {
  return {
    ...dry,
    startServer: (options) => {
      const handle = dry.startServer(options);
      const snapshot = (): ServerSnapshot => {
        const figures = handle.snapshot();
        return { ...figures, sessions: { ...figures.sessions, live: live() } };
      };
      const stop = async () => {
        log.push('stop');
        return snapshot();
      };
      return { ...handle, snapshot, stop };
    },
  };
}

describe('the runner', () => {
  it('measures a fleet along its phases', async () => {
    const clock = new JumpingClock();
    const drains: (number | undefined)[] = [];
    const engine: Engine = {
      ...dry,
      startFleet: (options) => {
        const handle = dry.startFleet(options);
        return {
          ...handle,
          stop: (stopOptions): Promise<FleetSnapshot> => {
            drains.push(stopOptions?.drainSeconds);
            return handle.stop(stopOptions);
          },
        };
      },
    };
    const { made, said, samples } = runner(engine, 'fleet', clock);
    assert.equal(await made.prepare(), null);
    const result = await made.run(clock.now + 500, ENDPOINT);
    assert.equal(result.measuredSeconds, 3);
    assert.deepEqual(said[0], { kind: 'started' });
    assert.deepEqual(samples(), ['warming 1', 'measuring 2', 'measuring 3', 'measuring 4']);
    assert.deepEqual(drains, [2]);
    assert.deepEqual(spans(said), ['0-1', '1-2', '2-3']);
  });

  it('loads its target at the address to which the name was resolved before, and says so', async () => {
    const target = { host: 'game.example', port: 7000 };
    const loaded: string[] = [];
    const engine: Engine = {
      ...dry,
      startFleet: (options) => {
        loaded.push(options.host);
        return dry.startFleet(options);
      },
    };
    const clock = new JumpingClock();
    const asked: string[] = [];
    const answers = [['127.0.0.7'], ['192.0.2.1']];
    const resolve = async (name: string) => {
      asked.push(name);
      return answers.shift() ?? [];
    };
    const { made } = runner(engine, 'fleet', clock, { target, resolve });
    await made.prepare();
    const result = (await made.run(clock.now, target)) as FleetResult;
    assert.deepEqual([asked, loaded], [['game.example'], ['127.0.0.7']]);
    assert.equal(result.targetAddress, '127.0.0.7');
    // The name leads elsewhere by now.
    const { made: next } = runner(engine, 'fleet', clock, { target, resolve });
    await assert.rejects(next.prepare(), /OVERSOAK_TARGETS allows: 127\.0\.0\.0\/8$/);
  });

  it("keeps a server's first errors with the seconds of its run", async () => {
    const clock = new JumpingClock();
    const error = { class: 'peerReset', session: 3, peer: '127.0.0.1:5', what: 'a reset' } as const;
    const engine: Engine = {
      ...dry,
      startServer: (options) => {
        const handle = dry.startServer(options);
        return { ...handle, firstErrors: () => [{ ...error, atMachineMs: 52_500 }] };
      },
    };
    const { made } = runner(engine, 'server', clock);
    await made.prepare();
    const { firstErrors } = (await made.run(clock.now, ENDPOINT)) as ServerResult;
    assert.deepEqual(firstErrors, [{ ...error, sinceStartSeconds: 2.5 }]);
  });

  it('keeps the server until its sessions have ended, at most to the end of the drain', async () => {
    for (const [goneAtMs, expectedSeconds] of [
      [56_000, 6.4],
      [Number.POSITIVE_INFINITY, 10],
    ] as const) {
      const stops: string[] = [];
      const clock = new JumpingClock();
      const live = () => (clock.now > goneAtMs ? 0 : 10);
      const { made } = runner(serverWith(live, stops), 'server', clock);
      assert.equal(await made.prepare(), 40_000);
      await made.run(clock.now, ENDPOINT);
      assert.deepEqual(stops, ['stop']);
      const tookSeconds = (clock.now - 50_000) / 1000;
      assert.ok(Math.abs(tookSeconds - expectedSeconds) < 1.1, String(tookSeconds));
    }
  });

  it('refuses a late start', async () => {
    const clock = new JumpingClock();
    const { made } = runner(dry, 'fleet', clock);
    await made.prepare();
    await assert.rejects(made.run(clock.now - 2_500, ENDPOINT), /came 2\.5 s after the time/);
    const phases = { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds: 0.5, drainSeconds: 1 };
    const short = runner(dry, 'fleet', clock, { phases });
    await short.made.prepare();
    const over = short.made.run(clock.now - 700, ENDPOINT);
    await assert.rejects(over, /came 0\.7 s after the time/);
  });

  it('begins the measurement with the gang, or not at all, when the process slept through the start', async () => {
    for (const [sleptMs, fromSeconds] of [
      [0, 2],
      [700, 1.3],
      [1_800, null],
    ] as const) {
      const clock = new JumpingClock();
      const sleep = clock.sleep.bind(clock);
      clock.sleep = async (ms, signal) => {
        await sleep(ms, signal);
        if (clock.now === 50_500) clock.now += sleptMs;
      };
      const asked: unknown[] = [];
      const startFleet: Engine['startFleet'] = (options) => {
        asked.push(options.measurement?.fromSeconds);
        return dry.startFleet(options);
      };
      const { made } = runner({ ...dry, startFleet }, 'fleet', clock);
      await made.prepare();
      const run = made.run(50_500, ENDPOINT);
      if (fromSeconds === null) await assert.rejects(run, /came 1\.8 s after the time/);
      else await run;
      assert.deepEqual(asked, fromSeconds === null ? [] : [fromSeconds]);
    }
  });

  it('skips boundaries that passed while the host slept', async () => {
    const clock = new JumpingClock();
    const sleep = clock.sleep.bind(clock);
    let frozen = false;
    clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (!frozen && clock.now >= 53_000) {
        frozen = true;
        clock.now += 1_500;
      }
    };
    const { made, said, samples } = runner(dry, 'server', clock);
    await made.prepare();
    const result = await made.run(clock.now, ENDPOINT);
    assert.deepEqual(samples().slice(0, 3), ['warming 1', 'measuring 2', 'measuring 4.5']);
    assert.deepEqual(spans(said), ['0-2', '2-3']);
    assert.equal(result.measuredSeconds, 3);
  });

  it('counts the seconds of a fleet as planned, even if the host sleeps past the end', async () => {
    const clock = new JumpingClock();
    const sleep = clock.sleep.bind(clock);
    let stopped = false;
    clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (!stopped && clock.now >= 53_500) {
        stopped = true;
        clock.now += 3_000;
      }
    };
    const { made } = runner(dry, 'fleet', clock);
    await made.prepare();
    const result = await made.run(clock.now, ENDPOINT);
    assert.ok(stopped);
    assert.equal(result.measuredSeconds, 3);
  });

  it('stops on request, whatever it is waiting for', async () => {
    const clock = new JumpingClock();
    const { made } = runner(dry, 'fleet', clock);
    await made.prepare();
    const running = made.run(clock.now + 500, ENDPOINT);
    const rejected = assert.rejects(running, { name: 'AbortError' });
    await made.stop();
    await rejected;
  });

  it('reports what a server added to its process, between garbage collections that are seconds apart', async () => {
    const clock = new JumpingClock();
    let collections = 0;
    // Lives on: 1,000 bytes more at each collection.
    const collect = () => 1_000 * ++collections;
    const javascript = { collect, shrink: collect };
    let [workingSetBytes, threads] = [100_000_000, 12];
    let holes = { committedBytes: 900, residentBytes: 500 };
    const processFigures = () => ({
      ...dry.processFigures(),
      ...{ workingSetBytes, threads },
    });
    const engine: Engine = {
      ...dry,
      processFigures,
      heapHoles: () => holes,
      startServer: (options) => {
        const handle = dry.startServer(options);
        threads += 4;
        workingSetBytes += 2_000_700;
        // Of it, nothing is held in the resident ones; the others are not in it.
        holes = { committedBytes: 60_900, residentBytes: 1200 };
        return handle;
      },
    };
    const phases = { ...PHASES, measureSeconds: 25 };
    const { made, said } = runner(engine, 'server', clock, { javascript, phases });
    await made.prepare();
    const { figures } = (await made.run(clock.now, ENDPOINT)) as ServerResult;
    // One before the server, then at 10 and at 20 of the 27 seconds.
    assert.equal(collections, 3);
    const memory = (windowsOf(said) as ServerWindow[]).map(({ own }) => own.workingSetBytes);
    assert.deepEqual([memory.at(0), memory.at(-1)], [2_000_000, 1_998_000]);
    assert.deepEqual(figures.final.own, {
      workingSetBytes: 1_998_000,
      privateBytes: -62_000,
      handles: null,
      threads: 4,
    });
  });
});
