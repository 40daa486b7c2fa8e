import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ListedAgent } from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { ApiBench } from '../api-bench.ts';

describe('agents', () => {
  let bench: ApiBench;

  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());
  beforeEach(() => bench.register());

  it('shows agents with their lease and slots', async () => {
    await bench.agents[1]?.loseLease();
    const { agents: shown } = (await bench.call('GET', '/v1/agents')).json();
    assert.deepEqual(
      shown.map(({ agentId, live, slotsUsed }: Record<string, unknown>) => [
        agentId,
        live,
        slotsUsed,
      ]),
      [
        ['agent-a', true, 0],
        ['agent-b', false, 0],
      ],
    );
  });

  it('drains an agent, ends the drain, and says why a soak waits', async () => {
    const drained = await bench.call('POST', '/v1/agents/agent-b/drain');
    assert.equal(drained.statusCode, 200);
    assert.equal(Value.Check(ListedAgent, drained.json()), true);
    const { agents: shown } = (await bench.call('GET', '/v1/agents')).json();
    assert.deepEqual(
      shown.map(({ draining }: ListedAgent) => draining),
      [false, true],
    );
    const soak = await bench.submitted();
    const waits = (await bench.call('GET', `/v1/soaks/${soak.soakId}`)).json();
    assert.equal(waits.state, 'queued');
    assert.equal(waits.waiting, 'its agents are busy: agent-b (draining)');
    assert.equal((await bench.call('DELETE', '/v1/agents/agent-b/drain')).json().draining, false);
    assert.equal((await bench.done(soak.soakId)).waiting, null);
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
