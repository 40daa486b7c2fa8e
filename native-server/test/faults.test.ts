// Each planted fault is caught by the class that should catch it, and by no other of its side.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type {
  Fault,
  FleetErrorClass,
  Layout,
  Notifier,
  ServerErrorClass,
} from '@oversoak/contracts';
import type { FleetRequest } from '../src/index.ts';
import { assertEveryEchoAccountedFor } from './accounts.ts';
import { GAME } from './game.ts';
import { here } from './notifiers.ts';
import { soak } from './soak.ts';

/** Each way in which an echo leaves: by the session's thread, by a content thread, by a wake. */
const PAIRS: readonly { notifier: Notifier; layout: Layout }[] = [
  { notifier: here('iocp'), layout: 'homo' },
  { notifier: here('iocp'), layout: 'hetero' },
  { notifier: here('event'), layout: 'hetero' },
  { notifier: here('async-select'), layout: 'hetero-channels' },
];

const LOAD = {
  sessions: 20,
  rampUpSeconds: 0,
  ratePerSecond: 400,
  overSend: 4,
  echoTimeoutMs: 1000,
} satisfies Partial<FleetRequest>;

interface Caught {
  fault: Fault;
  class: FleetErrorClass | ServerErrorClass;
  load?: Partial<FleetRequest>;
}

const FAULTS: readonly Caught[] = [
  { fault: { corruptEvery: 50 }, class: 'corrupt' },
  { fault: { dropEvery: 50 }, class: 'notReceivedInTime', load: { echoTimeoutMs: 400 } },
  { fault: { duplicateEvery: 50 }, class: 'duplicate' },
  {
    fault: { stallContent: { content: 'lobby', every: 60, stallMs: 900 } },
    class: 'notReceivedInTime',
    load: { echoTimeoutMs: 500 },
  },
  { fault: { staleEvery: 3 }, class: 'corrupt', load: { disconnectsPerSecond: 60 } },
  { fault: { misrouteEvery: 5 }, class: 'wrongOwner' },
];

for (const pair of PAIRS) {
  describe(`${pair.notifier} with ${pair.layout}`, () => {
    for (const { fault, class: expected, load } of FAULTS) {
      test(`${Object.keys(fault)} is caught as ${expected}`, async () => {
        const { fleet, server } = await soak(
          { ...pair, game: GAME, fault },
          { ...LOAD, ...load },
          500,
        );
        const counted: Record<string, number> = { ...fleet.errors, ...server.errors };
        // A fleet that gives a session up resets it: that is its answer, not another finding.
        if (expected === 'corrupt') counted.peerReset = 0;
        const found = Object.keys(counted).filter((name) => counted[name] !== 0);
        assert.deepEqual(found, [expected], JSON.stringify(counted));
        const errors = { ...server.errors, wrongOwner: 0 };
        assertEveryEchoAccountedFor({ fleet, server: { ...server, errors } });
      });
    }
  });
}

/** Growth of the process while a server has many sessions come and go. */
async function growth(
  fault: Fault | undefined,
): Promise<{ accepts: number; bytes: number; handles: number }> {
  const { fleet, server } = await soak(
    { notifier: here('iocp'), layout: 'homo', ...(fault === undefined ? {} : { fault }) },
    { ...LOAD, sessions: 40, disconnectsPerSecond: 200 },
    400,
  );
  assertEveryEchoAccountedFor({ fleet, server });
  const { workingSetBytes, handles } = server.process;
  return {
    accepts: server.sessions.accepted,
    bytes: workingSetBytes ?? Number.NaN,
    handles: handles ?? Number.NaN,
  };
}

describe('leaks are visible in the process', () => {
  const BYTES = 400_000;
  test('a leak of nothing, bytes, handles and sockets per accept', async () => {
    await growth(undefined); // the first run has the process grow by itself
    let before = await growth(undefined);
    const since = async (fault: Fault | undefined) => {
      const after = await growth(fault);
      const grown = {
        ...after,
        bytes: after.bytes - before.bytes,
        handles: after.handles - before.handles,
      };
      before = after;
      return grown;
    };
    const clean = await since(undefined);
    assert.ok(clean.accepts > 60, `${clean.accepts} accepts`);
    assert.ok(clean.bytes < 0.2 * BYTES * clean.accepts, JSON.stringify(clean));
    assert.ok(clean.handles < 0.5 * clean.accepts, JSON.stringify(clean));

    const bytes = await since({ leakBytesPerAccept: BYTES });
    assert.ok(bytes.bytes > 0.8 * BYTES * bytes.accepts, JSON.stringify(bytes));
    assert.ok(bytes.handles < 0.5 * bytes.accepts, JSON.stringify(bytes));

    for (const fault of [{ leakHandlesPerAccept: 2 }, { leakSocketsPerAccept: 2 }]) {
      const leaked = await since(fault);
      assert.ok(leaked.handles > 1.8 * leaked.accepts, JSON.stringify(leaked));
    }
  });
});
