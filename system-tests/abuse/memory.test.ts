// What a few hundred kilobytes can make of the memory of a control plane.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { createDeflate, createGzip } from 'node:zlib';
import {
  type Assign,
  BOUNDS,
  type FleetResult,
  type JoinAnswer,
  type JoinToken,
  OTLP_PATH,
  type Report,
  reportsKey,
  type Soak,
  samplesKey,
} from '@oversoak/contracts';
import { fleetFigures, fleetResult, submittedSpec } from '@oversoak/testing/builders/made-figures';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { type Receiver, startReceiver } from '@oversoak/testing/otlp/index';
import { until } from '@oversoak/testing/waiting/until';
import { AttackedPlane, MEMORY_MIB } from './attacked-plane.ts';

const MIB = 2 ** 20;

async function* zeroes(mib: number, byte = 0) {
  const piece = Buffer.alloc(MIB, byte);
  for (let sent = 0; sent < mib; sent += 1) yield piece;
}

/** A text that says it is a histogram and inflates to a gigabyte. */
async function bomb(): Promise<string> {
  const packed = Readable.from(zeroes(1024)).pipe(createDeflate({ level: 9 }));
  const deflated = Buffer.concat(await packed.toArray());
  const head = Buffer.alloc(8);
  head.writeInt32BE(0x1c849304 | 0x10, 0);
  head.writeInt32BE(deflated.length, 4);
  return Buffer.concat([head, deflated]).toString('base64');
}

describe('a histogram of 1.4 MB that inflates to 1 GiB', () => {
  let plane: AttackedPlane;
  let agents: SimulatedAgent[];
  let result: FleetResult;
  before(async () => {
    plane = await AttackedPlane.start();
    agents = [await plane.agent('agent-a'), await plane.agent('agent-b')];
    const intended = await bomb();
    assert.ok(intended.length > MIB && intended.length < 1.5 * MIB, `${intended.length}`);
    const { latency } = fleetFigures(100).measured;
    result = fleetResult();
    result.figures.final.measured.latency = { ...latency, intended };
  });
  after(() => plane.stop());

  const finished = (of: Pick<Report, 'runId' | 'epoch' | 'agentId' | 'role'>): Report => {
    const { runId, epoch, agentId, role } = of;
    return { kind: 'finished', runId, epoch, agentId, role, atMs: 1, result };
  };

  it('is refused for a run that does not exist, also after a restart', async () => {
    const ghost = { runId: 'run-ghost', epoch: 1, agentId: 'agent-b', role: 'fleet' } as const;
    await agents[1]?.report(finished(ghost));
    await plane.refused('unknown-run');
    await plane.down();
    await agents[1]?.report(finished(ghost));
    await plane.up();
    await plane.refused('unknown-run', 2);
    assert.ok(await plane.isAlive());
    const peak = await plane.peakMiB();
    assert.ok(peak < MEMORY_MIB / 2, `${peak} MiB`);
  });

  it('is refused for a run that is being measured, whose own end still counts', async () => {
    const [a, b] = agents as [SimulatedAgent, SimulatedAgent];
    for (const agent of agents) agent.behaviour.start = 'silent';
    const soak = await plane.ask<Soak>('/v1/soaks', { method: 'POST', body: submittedSpec() });
    const [assigned] = await until('b is assigned', () => {
      const jobs = [a, b].flatMap((agent) => agent.received('start'));
      return jobs.length === 2 ? (b.received('assign') as Assign[]) : null;
    });
    const fleet = [a, b].find((agent) =>
      agent.received('assign').some((job) => job.kind === 'assign' && job.part.role === 'fleet'),
    );
    assert.ok(assigned !== undefined && fleet !== undefined);
    const assign = fleet.received('assign')[0] as Assign;
    await fleet.report(finished(fleet.from(assign)));
    await plane.refused('invalid');
    for (const agent of agents) await agent.finish(assign.runId);
    const done = await until('the soak is done', async () => {
      const now = await plane.ask<Soak>(`/v1/soaks/${soak.soakId}`);
      return now.runs.every(({ state }) => state === 'done') ? now : null;
    });
    assert.equal(done.runs[0]?.judgement?.verdict, 'passed', JSON.stringify(done.runs[0]));
    const peak = await plane.peakMiB();
    assert.ok(peak < MEMORY_MIB / 2, `${peak} MiB`);
  });
});

describe('what an agent appends to its streams', () => {
  /** A control plane that holds it as a whole, as bytes and as texts, has more than it may. */
  const ENTRIES = 40;
  const ENTRY_MIB = 16;
  let plane: AttackedPlane;
  before(async () => {
    plane = await AttackedPlane.start();
    await plane.agent('rogue');
  });
  after(() => plane.stop());

  /** In one transaction, so that they are there together. */
  async function append(key: string, field: string, count: number, mib: number): Promise<void> {
    const text = 'x'.repeat(mib * MIB);
    const adding = plane.redis.multi();
    for (let entry = 0; entry < count; entry += 1) adding.xadd(key, '*', field, text);
    await adding.exec();
  }

  it('is refused without being read, if it is longer than a report or a sample may be', async () => {
    await append(samplesKey('rogue'), 'sample', ENTRIES, ENTRY_MIB);
    await plane.refused('sample-invalid', ENTRIES);
    await append(reportsKey('rogue'), 'report', 4, 8 * ENTRY_MIB);
    await plane.refused('invalid', 4);
    for (const key of [samplesKey('rogue'), reportsKey('rogue')]) {
      await until(`${key} is empty`, async () => (await plane.redis.xlen(key)) === 0);
    }
    assert.ok(await plane.isAlive());
    const peak = await plane.peakMiB();
    assert.ok(peak < MEMORY_MIB / 2, `${peak} MiB`);
  });

  it('is read a little at a time, if it is as long as it may be, from many agents at once', async () => {
    const agentIds = Array.from({ length: 16 }, (_, index) => `rogue-${index}`);
    for (const agentId of agentIds) await plane.agent(agentId);
    for (const agentId of agentIds) await append(reportsKey(agentId), 'report', 3, ENTRY_MIB);
    await plane.refused('invalid', 4 + 3 * agentIds.length);
    assert.ok(await plane.isAlive());
    const peak = await plane.peakMiB();
    assert.ok(peak < MEMORY_MIB / 2, `${peak} MiB`);
  });
});

describe('an import', () => {
  let plane: AttackedPlane;
  before(async () => {
    plane = await AttackedPlane.start();
  });
  after(() => plane.stop());

  it('of 255 kB, one line of 250 MiB, is refused, and nothing of it is kept', async () => {
    const packed = Readable.from(zeroes(250, 0x20)).pipe(createGzip({ level: 9 }));
    const body = Buffer.concat(await packed.toArray());
    assert.ok(body.length < 300_000, `${body.length} bytes`);
    const keys = await plane.redis.dbsize();
    const answer = await plane.call('/v1/soaks/import', {
      method: 'POST',
      body,
      type: 'application/gzip',
    });
    assert.equal(answer.status, 413, answer.text);
    assert.match(answer.text, /a line has more than 16777216 bytes/);
    assert.ok(await plane.isAlive());
    const peak = await plane.peakMiB();
    assert.ok(peak < MEMORY_MIB / 2, `${peak} MiB`);
    // The audit is new.
    assert.ok((await plane.redis.dbsize()) <= keys + 1);
  });
});

describe('800 MiB of telemetry at once, whose receiver does not answer', () => {
  const AGENTS = 10;
  const DELIVERIES = 20;
  let receiver: Receiver;
  let plane: AttackedPlane;
  before(async () => {
    receiver = await startReceiver('hang');
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    plane = await AttackedPlane.start({ settings });
  });
  after(async () => {
    await plane.stop();
    await receiver.close();
  });

  async function tokenOf(agentId: string): Promise<string> {
    const body = { agentId, address: '127.0.0.1' };
    const { token } = await plane.ask<JoinToken>('/v1/enrolments', { method: 'POST', body });
    const exchange = { method: 'POST', body: { token }, token: '' } as const;
    const joined = await plane.ask<JoinAnswer>('/v1/enrolments/join', exchange);
    return joined.telemetry?.token ?? assert.fail('no telemetry');
  }
  /** The status, or null where the connection was closed before all of it was sent. */
  const sent = (token: string, body: Buffer): Promise<number | null> =>
    plane
      .call(`/${OTLP_PATH}v1/traces`, {
        ...{ method: 'POST', token, body, type: 'application/x-protobuf' },
      })
      .then(
        ({ status }) => status,
        () => null,
      );

  it('is refused but for a part, and the control plane serves on', async () => {
    const tokens: string[] = [];
    for (let agent = 0; agent < AGENTS; agent += 1) tokens.push(await tokenOf(`floods-${agent}`));
    const body = Buffer.alloc(BOUNDS.telemetry.bytes);
    const before = receiver.requests;
    const answers = await Promise.all(
      tokens.flatMap((token) => Array.from({ length: DELIVERIES }, () => sent(token, body))),
    );
    assert.equal(answers.length * body.length, 800 * MIB);
    assert.deepEqual(
      answers.filter((status) => status !== 503 && status !== null),
      [],
    );
    assert.ok(receiver.requests > before, 'a part reached the receiver');
    assert.ok(await plane.isAlive());
    const peak = await plane.peakMiB();
    assert.ok(peak < MEMORY_MIB / 2, `${peak} MiB`);
    receiver.answer = 200;
    const small = Buffer.alloc(0);
    await until(
      'telemetry is taken again',
      async () => (await sent(tokens[0] ?? '', small)) === 200,
    );
  });
});
