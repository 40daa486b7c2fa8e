// What a fleet sends by a description, held against the other implementation of it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { Expected, Program } from '@oversoak/contracts/protocol/program';
import { ProtocolSession } from '@oversoak/contracts/protocol/protocol-session';
import { type Values, writeMessage } from '@oversoak/contracts/protocol/write-message';
import { after, described, errorsOf, type Given, run } from './described.ts';

const SEED = 4_000_000_007;

/** Both numbers in each message, in either order: an answer belongs to the one that `match` names. */
function bothNumbers(): Record<string, Given> {
  const given: Record<string, Given> = {};
  const [sequence, identifier] = ['{sequence:d9}', '{identifier:x8}'];
  for (const match of ['order', 'sequence', 'identifier'] as const) {
    for (const numbers of [`${sequence} ${identifier}`, `${identifier} ${sequence}`]) {
      for (const login of [[], [{ send: `in ${numbers}`, expect: `in ${numbers}` }]]) {
        given[`${match} with ${numbers}, ${login.length} steps of login`] = {
          ...{ name: 'both', framing: { by: 'delimiter', delimiter: '\\n' }, match, login },
          requests: [{ name: 'a', send: `say ${numbers}`, expect: `said ${numbers}` }],
        };
      }
    }
  }
  return given;
}

describe('the messages are those of the description', () => {
  const own: Record<string, Given> = {
    'every number, size and checksum, with a length': {
      name: 'numbers',
      framing: { by: 'length', offset: 1, bytes: 3, endian: 'big', counts: 'message' },
      match: 'sequence',
      firstSequence: 250,
      login: [{ send: 'hex: 01 {length} {session:u24le} {sequence:x4} {session-random:9:hex}' }],
      requests: [
        {
          name: 'wide',
          send: "hex: 02 {length} {sequence:u64be} {size:u16le} {random:1..300} {session:d3} {size:d} {random:3..9:digits} 'x' {crc16-modbus:u16le}",
          expect:
            "hex: 02 {length} {sequence:u64be} {size:u16le} {random:1..300} {session:d3} {size:d} {random:3..9:digits} 'x' {crc16-modbus:u16le}",
        },
        {
          name: 'late',
          send: 'hex: 03 {length} {sequence:u64be} {adler32:x8:after} {session-random:40:text}',
          expect: 'hex: 03 {length} {sequence:u64be} {adler32:x8:after} {session-random:40:text}',
        },
      ],
    },
    'lines, with answers of several': {
      name: 'lines',
      framing: { by: 'delimiter', delimiter: '\\r\\n' },
      requests: [
        {
          name: 'get',
          send: 'get {identifier:d} {random:1..9:text}{delimiter}{crc8:x2}',
          expect: ['VALUE {identifier:d}', '{random:1..9:text}', 'END'],
        },
      ],
    },
    'the length of MQTT': {
      name: 'varint',
      framing: { by: 'varint', offset: 1 },
      requests: [
        {
          name: 'publish',
          send: 'hex: 30 {length} {identifier:u8} {random:1..400}',
          expect: 'hex: 30 {length} {identifier:u8} {random:1..400}',
        },
      ],
      match: 'order',
    },
    'no frame but the template': {
      name: 'bulk',
      framing: { by: 'template' },
      requests: [
        {
          name: 'echo',
          send: '+{size:d}\\r\\n{random:1..64}\\r\\n',
          expect: '+{size:d}\\r\\n{random:1..64}\\r\\n',
        },
      ],
    },
  };

  for (const [name, given] of Object.entries({ ...own, ...bothNumbers() })) {
    it(name, async (t) => {
      const { framed, program } = described(given);
      const mirror = await mirrorOf(t, program);
      const fleet = { port: mirror.port, protocol: { framed }, sessions: 1, seed: SEED };
      const enough = after(300);
      const ran = await run(fleet, (seen) => enough(seen) || mirror.problems.length > 0);
      assert.deepEqual(mirror.problems, []);
      assert.deepEqual(errorsOf(ran), {});
      assert.equal(ran.snapshot.ledger.echoed, ran.snapshot.ledger.sent);
    });
  }
});

/** A server that holds each message, and its answer, against another implementation of the description. */
async function mirrorOf(t: TestContext, program: Program) {
  const problems: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const options = { seed: SEED, session: 0, overSend: 1, requests: Number.MAX_SAFE_INTEGER };
    const session = new ProtocolSession(program, options);
    let next = session.next(0);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (next.kind === 'send' && received.length >= next.bytes.length) {
        const got = received.subarray(0, next.bytes.length);
        if (!got.equals(next.bytes)) {
          const right = Buffer.from(next.bytes).toString('hex');
          problems.push(`${next.label}: ${got.toString('hex')}, not ${right}`);
          socket.destroy();
          return;
        }
        received = received.subarray(next.bytes.length);
        for (const answer of answersOf(program, expectOf(program, next.label), next.values)) {
          socket.write(answer);
          const [incoming] = session.receive(answer);
          if (incoming?.kind === 'answer' && incoming.label === next.label) continue;
          problems.push(`${next.label}: its answer is ${JSON.stringify(incoming)}`);
        }
        next = session.next(0);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, problems };
}

/** Of a message with the label `login 1` or `message 3 (get)`. */
function expectOf(program: Program, label: string): Expected[] {
  const [kind, number = '0'] = label.split(' ');
  if (kind === 'login') return program.login[Number(number) - 1]?.expect ?? [];
  return program.requests.find(({ name }) => label.endsWith(`(${name})`))?.expect ?? [];
}

const answersOf = (program: Program, expect: Expected[], values: Values) =>
  expect.map(({ items }) => writeMessage(program, items, values).bytes);
