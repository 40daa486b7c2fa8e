// Each refusal beside the same exchange that is accepted: one thing differs between them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type AgentIdentity,
  type JoinToken,
  type ListedAgent,
  leaseKey,
  registrationKey,
} from '@oversoak/contracts';
import { registration } from '@oversoak/testing/builders/made-agents';
import { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { until } from '@oversoak/testing/waiting/until';
import { joinKey } from '../../src/store/names.ts';
import { ApiBench } from '../api-bench.ts';

const ADDRESS = '127.0.0.7';
const OTHER_ADDRESS = '127.0.0.8';
const HERE = '127.0.0.1';
const ACCEPTED = 200;
const REFUSED = 401;

describe('a join token', () => {
  let bench: ApiBench;
  let agents = 0;
  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());

  async function enrolled(): Promise<JoinToken> {
    agents += 1;
    const payload = { agentId: `joins-${agents}`, address: ADDRESS };
    const made = await bench.call('POST', '/v1/enrolments', { payload });
    assert.equal(made.statusCode, 201, made.body);
    return made.json();
  }
  const join = (token: string, remoteAddress = HERE) =>
    bench.app.inject({
      ...{ method: 'POST', url: '/v1/enrolments/join', payload: { token } },
      remoteAddress,
    });
  const statusOf = async (token: string) => (await join(token)).statusCode;

  /** Its time passes until only this much is left. */
  async function left(agentId: string, ms: number): Promise<void> {
    assert.ok((await bench.redis.pttl(joinKey(agentId))) > ms, 'it has a time');
    await bench.redis.pexpire(joinKey(agentId), ms);
  }

  it('works once', async () => {
    const { token } = await enrolled();
    assert.equal(await statusOf(token), ACCEPTED);
    assert.equal(await statusOf(token), REFUSED);
  });

  it('works until its time is over', async () => {
    const [late, tooLate] = [await enrolled(), await enrolled()];
    await left(late.agentId, 60_000);
    assert.equal(await statusOf(late.token), ACCEPTED);
    await left(tooLate.agentId, 1);
    const gone = async () => (await bench.redis.exists(joinKey(tooLate.agentId))) === 0;
    await until('its time is over', gone);
    assert.equal(await statusOf(tooLate.token), REFUSED);
  });

  it('works for its own agent', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const crossed = one.token.replace(`osj_${one.agentId}_`, `osj_${other.agentId}_`);
    assert.notEqual(crossed, one.token);
    assert.equal(await statusOf(crossed), REFUSED);
    assert.equal(await statusOf(one.token), ACCEPTED);
  });

  it('works as a whole', async () => {
    const { token } = await enrolled();
    const last = token.endsWith('A') ? 'B' : 'A';
    assert.equal(await statusOf(token.slice(0, -1) + last), REFUSED);
    assert.equal(await statusOf(token), ACCEPTED);
  });

  it('works until there is a newer one', async () => {
    const first = await enrolled();
    const payload = { agentId: first.agentId, address: ADDRESS };
    const newer = await bench.call('POST', '/v1/enrolments', { payload });
    assert.equal(await statusOf(first.token), REFUSED);
    assert.equal(await statusOf(newer.json<JoinToken>().token), ACCEPTED);
  });

  it('works until it is revoked', async () => {
    const [kept, revoked] = [await enrolled(), await enrolled()];
    const url = `/v1/enrolments/${revoked.agentId}`;
    assert.equal((await bench.call('DELETE', url)).statusCode, 204);
    assert.equal(await statusOf(revoked.token), REFUSED);
    assert.equal(await statusOf(kept.token), ACCEPTED);
  });

  it('brings the address of its enrolment, wherever it is used and whatever is registered', async () => {
    const { token, agentId } = await enrolled();
    const identity = (await join(token, OTHER_ADDRESS)).json<AgentIdentity>();
    assert.equal(identity.address, ADDRESS);

    const addressOf = async (id: string) => {
      const { agents: listed } = (await bench.call('GET', '/v1/agents')).json<{
        agents: ListedAgent[];
      }>();
      return listed.find((agent) => agent.agentId === id)?.advertisedHost;
    };
    // The same registration, of an agent without an identity and of this one.
    const said = { advertisedHost: OTHER_ADDRESS };
    const plain = await SimulatedAgent.start(bench.redisUrl, 'plain', said);
    assert.equal(await addressOf('plain'), OTHER_ADDRESS);
    await plain.stop();
    const { incarnation, ...more } = registration(agentId, said);
    await bench.redis.set(registrationKey(agentId), JSON.stringify({ incarnation, ...more }));
    await bench.redis.set(leaseKey(agentId), incarnation);
    assert.equal(await addressOf(agentId), ADDRESS);
  });
});
