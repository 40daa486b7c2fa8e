import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetProtocol } from '@oversoak/contracts';
import type { PluginRequest } from '@oversoak/native-server';
import * as dry from '@oversoak/testing/dry/engine';
import { preparedPlugin } from '../../src/host/allowed-plugin.ts';
import type { Engine } from '../../src/host/engine.ts';
import { assignFleet } from '../jobs.ts';

const ALLOWED = { path: '/plugins/xor.so', file: 'xor.so', sha256: 'a'.repeat(64) };
const other = (sha256: string): FleetProtocol => ({
  plugin: { file: 'xor.so', sha256, options: '64' },
});

function fleet(protocol: FleetProtocol) {
  const { part } = assignFleet('run-a', { protocol, sessions: 7 });
  assert.ok(part.role === 'fleet');
  return part;
}

describe('preparedPlugin', () => {
  const loaded: PluginRequest[] = [];
  const engine: Engine = { ...dry, loadPlugin: (request) => void loaded.push(request) };

  it('is nothing for a fleet without one', () => {
    assert.deepEqual(preparedPlugin(engine, fleet('raw'), [ALLOWED]), {});
    assert.deepEqual(loaded, []);
  });

  it('loads it from where the agent has it, whatever the job contains', () => {
    const part = fleet(other('A'.repeat(64)));
    const allowed = [{ ...ALLOWED, sha256: 'b'.repeat(64) }, ALLOWED];
    assert.deepEqual(preparedPlugin(engine, part, allowed), { pluginPath: ALLOWED.path });
    const { overSend } = part.options;
    assert.deepEqual(loaded, [
      { ...(part.options.protocol as object), path: ALLOWED.path, sessions: 7, overSend },
    ]);
  });

  it('refuses what the agent does not allow, and an engine that has none', () => {
    assert.throws(() => preparedPlugin(engine, fleet(other('b'.repeat(64))), [ALLOWED]), {
      message: `xor.so=${'b'.repeat(64)} is not a plug-in that OVERSOAK_PLUGINS allows: xor.so=${ALLOWED.sha256}`,
    });
    assert.throws(() => preparedPlugin(dry, fleet(other(ALLOWED.sha256)), [ALLOWED]), {
      message: 'the engine has no plug-ins',
    });
  });
});
