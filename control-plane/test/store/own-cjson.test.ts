// Redis shares the settings of cjson among the scripts of all its users.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { CELLS_KEY } from '../../src/store/names.ts';
import { connect } from '../../src/store/redis.ts';

const SPOILT = [
  'cjson.decode_max_depth(1)',
  'cjson.encode_max_depth(1)',
  'cjson.encode_number_precision(1)',
  'cjson.encode_sparse_array(true, 1, 1)',
  'cjson.encode_keep_buffer(false)',
  'cjson.decode_invalid_numbers(false)',
];

describe('what another user has made of cjson', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  afterEach(() => bench.clear());
  after(() => bench.stop());

  for (const spoilt of SPOILT) {
    it(`changes nothing of what the cluster does and stores: ${spoilt}`, async () => {
      await bench.agents();
      const plane = await bench.plane();
      const from = Date.now();
      await bench.redis.eval(`${spoilt} return 1`, 0);
      const { soak } = await submit(plane);
      await reach(plane, soak.runIds[0] ?? '', 'done');
      const [cell = ''] = Object.values(await bench.redis.hgetall(CELLS_KEY));
      const { atMs, passed } = JSON.parse(cell);
      assert.ok(atMs >= from - 1000 && atMs <= Date.now() + 1000, cell);
      assert.equal(passed, 1, cell);
      assert.equal((await plane.agents.list()).length, 2);
    });
  }

  it('is not that of a client, nor of its duplicates', async () => {
    await bench.redis.eval('cjson.encode_number_precision(1) return 1', 0);
    const client = connect(bench.server.url);
    const other = client.duplicate();
    try {
      for (const each of [client, other]) {
        each.defineCommand('number', { lua: 'return cjson.encode(1234567)', numberOfKeys: 0 });
        const { number } = each as unknown as { number: () => Promise<string> };
        assert.equal(await number.call(each), '1234567');
      }
    } finally {
      client.disconnect();
      other.disconnect();
    }
  });
});
