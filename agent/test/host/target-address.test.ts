import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemResolve, targetAddress } from '../../src/host/target-address.ts';

const PORT = 7000;
const ALLOWED = ['10.0.0.0/8', 'fd00::/8'];

const never = async (name: string): Promise<string[]> => assert.fail(`${name} was resolved`);

function resolved(host: string, addresses: readonly string[], allowed = ALLOWED) {
  return targetAddress({ host, port: PORT }, allowed, async () => [...addresses]);
}

describe('the address of a target', () => {
  it('is an address itself, which nobody resolves', async () => {
    for (const host of ['10.0.0.1', 'fd00::1']) {
      assert.equal(await targetAddress({ host, port: PORT }, ALLOWED, never), host);
    }
  });

  it('is the first one of its name', async () => {
    assert.equal(await resolved('game.example', ['10.0.0.1', 'fd00::1']), '10.0.0.1');
    assert.equal(await resolved('game.example', ['fd00::1']), 'fd00::1');
  });

  it('is refused unless the agent allows every address of the name', async () => {
    const others = [['192.0.2.1'], ['10.0.0.1', '192.0.2.1'], ['10.0.0.1', '2001:db8::1']];
    for (const addresses of others) {
      await assert.rejects(resolved('game.example', addresses), {
        message:
          'an address of game.example:7000 is not a target that OVERSOAK_TARGETS allows: 10.0.0.0/8, fd00::/8',
      });
    }
    await assert.rejects(
      resolved('game.example', ['10.0.0.1'], ['10.0.0.0/8:7001']),
      /not a target/,
    );
    await assert.rejects(resolved('2001:db8::1', []), {
      message:
        '[2001:db8::1]:7000 is not a target that OVERSOAK_TARGETS allows: 10.0.0.0/8, fd00::/8',
    });
  });

  it('says that a name cannot be resolved, or has no address', async () => {
    const none = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    await assert.rejects(
      targetAddress({ host: 'game.example', port: PORT }, ALLOWED, () => Promise.reject(none)),
      { message: 'the target\'s name "game.example" cannot be resolved on this agent: ENOTFOUND' },
    );
    await assert.rejects(resolved('game.example', []), /"game.example" has no address/);
  });

  it("comes from the machine's resolver, IPv4 first", async () => {
    assert.equal((await systemResolve('localhost'))[0], '127.0.0.1');
  });
});
