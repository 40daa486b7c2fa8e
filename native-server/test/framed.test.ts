// What a fleet makes of the answers of a server of a described protocol, over real sockets.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { FleetErrorClass, FleetSnapshot, NativeErrorEvidence } from '@oversoak/contracts';
import { type Answer, FrameServer } from '@oversoak/testing/peers/frame-server';
import { until } from '@oversoak/testing/waiting/until';
import { type FleetRequest, startFleet, startServer } from '../src/index.ts';
import { after, described, errorsOf, type Given, type Ran, run } from './described.ts';
import { here } from './notifiers.ts';

const CHAT: Given = {
  name: 'chat',
  framing: { by: 'length', bytes: 2, endian: 'big', counts: 'after' },
  maxMessageBytes: 200,
  match: 'identifier',
  login: [{ send: 'hex: {length} 01 {session:u32be}', expect: 'hex: {length} 01 {session:u32be}' }],
  requests: [
    {
      name: 'say',
      send: 'hex: {length} 02 {identifier:u32be} {random:1..60}',
      expect: 'hex: {length} 02 {identifier:u32be} {random:1..60}',
    },
  ],
  logout: [{ send: 'hex: {length} 04', expect: 'hex: {length} 04' }],
  ignore: ['hex: {length} 90 {rest}'],
  errors: ['hex: {length} ff {identifier:u32be} {not:00}', 'hex: {length} fe {rest}'],
};

const frame = (...bytes: number[]) => Buffer.from([0, bytes.length, ...bytes]);
const isChat = (message: Buffer) => message[2] === 2;
/** The answer of every nth message of chat is another. */
const every =
  (nth: number, instead: Answer): Answer =>
  (message, number, socket) =>
    isChat(message) && number % nth === 0 ? instead(message, number, socket) : [message];

describe('what a server answers', () => {
  async function chat(
    t: TestContext,
    answer: Answer,
    change: Partial<FleetRequest> & { description?: Partial<Given> } = {},
    enough: (snapshot: FleetSnapshot) => boolean = after(500),
  ): Promise<Ran> {
    const { description, ...request } = change;
    const { framed } = described({ ...CHAT, ...description });
    const server = await FrameServer.start(framed, answer);
    t.after(() => server.stop());
    const load = { sessions: 5, overSend: 4, loopDelayMs: 1, echoTimeoutMs: 500 };
    return run({ port: server.port, protocol: { framed }, ...load, ...request }, enough);
  }

  /** Errors of one class and no other. */
  function only(ran: Ran, name: FleetErrorClass): NativeErrorEvidence {
    assert.deepEqual(Object.keys(errorsOf(ran)), [name]);
    const [first] = ran.first;
    assert.ok(first !== undefined);
    assert.equal(first.class, name);
    return first;
  }

  it('is right, with what it says on its own, in any order, and sessions that come and go', async (t) => {
    let held: Buffer | null = null;
    let logouts = 0;
    const answer: Answer = (message) => {
      if (message[2] === 4) logouts += 1;
      if (!isChat(message)) return [message];
      if (held === null) {
        held = Buffer.from(message);
        return [frame(0x90, 1, 2)];
      }
      const answers = [message, held];
      held = null;
      return answers;
    };
    // One session, so that what is held back is of the same connection.
    const ran = await chat(t, answer, { sessions: 1, overSend: 8 });
    assert.deepEqual(errorsOf(ran), {});
    assert.equal(ran.snapshot.ledger.echoed, ran.snapshot.ledger.sent);
    assert.equal(logouts, ran.snapshot.sessions.connects);
  });

  it('is right in any order, also for sessions that the fleet resets, or that read slowly', async (t) => {
    const load = { sessions: 1, overSend: 8, echoTimeoutMs: 150 };
    for (const change of [
      { disconnectsPerSecond: 100, abortiveShare: 1 },
      { slowReaders: { share: 1, bytesPerSecond: 100 }, overSend: 64 },
    ]) {
      // The first of each four is answered last, for as long as its connection lasts.
      let held: Buffer[] = [];
      const answer: Answer = (message) => {
        if (!isChat(message)) {
          held = [];
          return [message];
        }
        held.push(Buffer.from(message));
        if (held.length < 4) return held.length === 1 ? [] : [message];
        const first = held[0];
        held = [];
        return first === undefined ? [message] : [message, first];
      };
      const ran = await chat(
        t,
        answer,
        { ...load, ...change, description: { logout: [] } },
        ({ elapsedSeconds }) => elapsedSeconds >= 2.5,
      );
      // Of the last connection up to three are held back to its end.
      const { notReceivedInTime = 0, ...others } = errorsOf(ran);
      assert.deepEqual(others, {});
      assert.ok(notReceivedInTime <= 3, JSON.stringify(errorsOf(ran)));
    }
  });

  it('is right in any order, also where one answer comes after hundreds of later ones', async (t) => {
    let late: Buffer | null = null;
    let others = 0;
    const answer: Answer = (message) => {
      if (!isChat(message)) return [message];
      if (late === null) {
        late = Buffer.from(message);
        return [];
      }
      others += 1;
      return others === 300 ? [message, late] : [message];
    };
    const ran = await chat(t, answer, { sessions: 1, overSend: 8, echoTimeoutMs: 20_000 });
    assert.deepEqual(errorsOf(ran), {});
    assert.equal(ran.snapshot.ledger.echoed, ran.snapshot.ledger.sent);
  });

  it('churn: every session says its logout when it has its answers', async (t) => {
    let logouts = 0;
    const answer: Answer = (message) => {
      if (message[2] === 4) logouts += 1;
      return [message];
    };
    const churn = { sessions: 20, disconnectsPerSecond: 200 };
    const ran = await chat(t, answer, churn, ({ sessions }) => sessions.disconnects >= 50);
    assert.deepEqual(errorsOf(ran), {});
    assert.equal(ran.snapshot.ledger.lostOnClose, 0);
    assert.equal(logouts, ran.snapshot.sessions.connects);
  });

  it('another byte: corrupt, with what was expected', async (t) => {
    const spoil: Answer = (message) => {
      message[message.length - 1] = (message.at(-1) ?? 0) ^ 1;
      return [message];
    };
    const first = only(await chat(t, every(40, spoil)), 'corrupt');
    assert.equal(first.what, 'other bytes than expected');
    assert.ok(first.message !== undefined && first.offset !== undefined);
    assert.equal(
      Number.parseInt(first.expectedHex?.slice(0, 2) ?? '', 16) ^ 1,
      Number.parseInt(first.gotHex?.slice(0, 2) ?? '', 16),
    );
  });

  it('a number of no request: corrupt', async (t) => {
    const other: Answer = (message) => {
      message[3] = 0x7f;
      return [message];
    };
    const { what } = only(await chat(t, every(40, other)), 'corrupt');
    assert.equal(what, 'a number of no request on this connection');
  });

  it('twice: duplicate', async (t) => {
    only(
      await chat(
        t,
        every(40, (message) => [message, message]),
      ),
      'duplicate',
    );
  });

  it('never: not received in time', async (t) => {
    const few = ({ errors }: FleetSnapshot) => errors.notReceivedInTime > 2;
    only(
      await chat(
        t,
        every(40, () => []),
        {},
        few,
      ),
      'notReceivedInTime',
    );
  });

  it('an error of its own request, and one of the oldest: counted, and the request is answered', async (t) => {
    const named: Answer = (message) => [frame(0xff, ...message.subarray(3, 7), 9)];
    const unnamed: Answer = () => [frame(0xfe, 1)];
    for (const error of [named, unnamed]) {
      const ran = await chat(t, every(40, error), { overSend: 1 });
      const first = only(ran, 'errorAnswer');
      assert.equal(first.gotHex?.startsWith('0'), true);
      assert.equal(ran.snapshot.ledger.echoed, ran.snapshot.ledger.sent);
      assert.equal(ran.snapshot.sessions.connects, 5);
    }
  });

  it('out of order: an error where the sequence says the order', async (t) => {
    const text = 'hex: {length} 02 {sequence:u32be} {random:1..60}';
    const description: Partial<Given> = {
      match: 'sequence',
      requests: [{ name: 'say', send: text, expect: text }],
      errors: [],
    };
    let held: Buffer | null = null;
    const swap: Answer = (message, number) => {
      if (!isChat(message) || (number % 50 > 1 && held === null)) return [message];
      if (held === null) {
        held = Buffer.from(message);
        return [];
      }
      const answers = [message, held];
      held = null;
      return answers;
    };
    only(await chat(t, swap, { description, sessions: 1 }), 'outOfOrder');
  });

  // The login is message 0 of each session.
  for (const firstSequence of [0, 1000]) {
    const text = 'hex: {length} 02 {sequence:u32be} {random:1..60}';
    const description: Partial<Given> = {
      ...{ match: 'sequence', firstSequence },
      requests: [{ name: 'say', send: text, expect: text }],
      errors: ['hex: {length} ff {sequence:u32be} {any}'],
    };
    const isThe29th = (message: Buffer) =>
      isChat(message) && message.readUInt32BE(3) === firstSequence + 29;
    const inThe29th =
      (instead: Answer): Answer =>
      (message, number, socket) =>
        isThe29th(message) ? instead(message, number, socket) : [message];
    const cases: [FleetErrorClass, Answer][] = [
      ['corrupt', (message) => [Buffer.concat([message.subarray(0, -1), Buffer.from([0])])]],
      ['errorAnswer', (message) => [frame(0xff, ...message.subarray(3, 7), 9)]],
      ['duplicate', (message) => [message, message]],
      ['notReceivedInTime', () => []],
      [
        'disconnectedByServer',
        (message, _, socket) => {
          socket.end(message.subarray(0, 4));
          return [];
        },
      ],
    ];
    for (const [name, instead] of cases) {
      it(`${name} names message ${firstSequence + 29}, as it is on the wire`, async (t) => {
        const once = ({ errors }: FleetSnapshot) => errors[name] > 0;
        const load = { sessions: 1, overSend: 1, description };
        const first = (await chat(t, inThe29th(instead), load, once)).first.find(
          (each) => each.class === name,
        );
        assert.equal(first?.message ?? first?.expectedMessage, firstSequence + 29);
        if (name !== 'disconnectedByServer') return;
        assert.match(first?.gotHex ?? '', /^00..02..$/);
        assert.equal(first?.what, 'the server ended its side within a message');
      });
    }
  }

  it('an empty message, which has no number: corrupt, and said so', async (t) => {
    const text = 'hex: {length} 02 {sequence:u32be}';
    const description: Partial<Given> = {
      match: 'sequence',
      requests: [{ name: 'say', send: text, expect: text }],
      errors: [],
    };
    const ran = await chat(
      t,
      every(40, () => [Buffer.from([0, 0])]),
      { description },
    );
    const { what, gotHex } = only(ran, 'corrupt');
    assert.equal(what, 'too short to have the sequence of a request');
    assert.equal(gotHex, '0000');
  });

  it('a login that is refused, answered wrongly, or not at all: no message is sent', async (t) => {
    for (const [answer, name] of [
      [() => [frame(0xfe)], 'errorAnswer'],
      [() => [frame(0x01, 9, 9, 9, 9)], 'corrupt'],
      [() => [], 'connectTimedOut'],
    ] as const) {
      const ran = await chat(
        t,
        answer,
        { connectTimeoutMs: 300 },
        ({ errors }) => errors[name] >= 5,
      );
      only(ran, name);
      assert.equal(ran.snapshot.ledger.sent, 0);
    }
  });

  it('requests pause as they say', async (t) => {
    const requests = CHAT.requests.map((request) => ({ ...request, delayMs: 20 }));
    const startedMs = performance.now();
    const ran = await chat(
      t,
      (message) => [message],
      { description: { requests }, sessions: 1, loopDelayMs: 0 },
      after(25),
    );
    assert.deepEqual(errorsOf(ran), {});
    assert.ok(performance.now() - startedMs >= 24 * 20);
  });
});

describe('options', () => {
  const { framed } = described(CHAT);
  const refused = (change: object, message: RegExp) =>
    assert.throws(
      () =>
        startFleet({
          ...{ host: '127.0.0.1', port: 1, sessions: 1, pacing: 'closed', protocol: { framed } },
          ...change,
        } as FleetRequest),
      { name: 'TypeError', message },
    );

  it('a description is refused with its offending place', () => {
    const requests = [{ name: 'a', send: 'hex: {length} zz', expect: 'hex: {length}' }];
    refused(
      { protocol: { framed: { ...framed, requests } } },
      /^\/protocol\/framed\/requests\/0\/send: at character 15: "z" is no hexadecimal digit/,
    );
    refused({ protocol: { framed: {} } }, /^\/protocol\/framed\/name: is required/);
    refused({ protocol: 'tcp' }, /^\/protocol: must be one of oversoak, echo8, raw, \{framed/);
  });

  it('what cannot go with one is refused', () => {
    refused({ responseBytes: 128 }, /^\/responseBytes: is for the protocol "oversoak" only/);
    refused({ maxFrameBytes: 512 }, /^\/maxFrameBytes: not with a framed protocol/);
  });
});

it('the echo of the course by its description, from a server of the addon', async () => {
  const text = 'hex: {length} {sequence:u64le}';
  const { framed } = described({
    name: 'echo8',
    framing: { by: 'length', bytes: 2, endian: 'little' },
    match: 'sequence',
    firstSequence: 1,
    requests: [{ name: 'echo', send: text, expect: text }],
  });
  const notifier = here('iocp');
  const server = startServer({ host: '127.0.0.1', notifier, layout: 'homo', protocol: 'echo8' });
  try {
    const fleet = { sessions: 20, overSend: 4, disconnectsPerSecond: 50 };
    const ran = await run({ port: server.port, protocol: { framed }, ...fleet }, after(2000));
    assert.deepEqual(errorsOf(ran), {});
    assert.equal(ran.snapshot.ledger.echoed, ran.snapshot.ledger.sent);
    await until('every session closed', () => server.snapshot().sessions.live === 0);
    assert.equal(server.snapshot().frames.echoed, ran.snapshot.ledger.echoed);
  } finally {
    await server.stop();
  }
});
