import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { createGzip } from 'node:zlib';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { Redis } from 'ioredis';
import { DEFAULT_QUOTAS } from '../../src/model/quotas.ts';
import { RequestProblem } from '../../src/plugins/problems.ts';
import { connect } from '../../src/store/redis.ts';
import { Importer } from '../../src/transfer/importer.ts';

const MIB = 2 ** 20;

const account = { owner: 'a-test', quotas: DEFAULT_QUOTAS };

/** One line that never ends, up to so many bytes of `text`. */
async function* lineOf(text: string, bytes: number) {
  const piece = Buffer.alloc(MIB - (MIB % text.length), text);
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
}

describe('an import', () => {
  let server: RedisServer;
  let redis: Redis;
  before(async () => {
    server = await RedisServer.start();
    redis = connect(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });

  const refused = (status: number, what: RegExp) => (error: unknown) =>
    error instanceof RequestProblem && error.statusCode === status && what.test(error.message);
  const importer = (heapMiB?: number) =>
    new Importer({
      redisUrl: server.url,
      redis,
      log: silentLog,
      ...(heapMiB === undefined ? {} : { heapMiB }),
    });

  it('of a line that unpacks to 250 MiB is refused, and does not affect the cluster', async () => {
    const packed = await Readable.from(lineOf(' ', 250 * MIB))
      .pipe(createGzip())
      .toArray();
    const file = Buffer.concat(packed);
    assert.ok(file.length < 300_000, `${file.length} bytes`);
    const before = process.memoryUsage().rss;
    const too = refused(413, /a line has more than 16777216 bytes/);
    await assert.rejects(importer().import(Readable.from([file]), account), too);
    assert.ok(process.memoryUsage().rss - before < 100 * MIB);
  });

  it('that exceeds its memory limit ends alone, and the next one succeeds', async () => {
    const small = importer(48);
    const objects = () => Readable.from(lineOf('{},', 12 * MIB));
    const list = async function* () {
      yield Buffer.from('[');
      yield* objects();
      yield Buffer.from('{}]\n');
    };
    const much = refused(413, /needs more than the 48 MiB of memory that an import may take/);
    await assert.rejects(small.import(Readable.from(list()), account), much);
    const none = refused(400, /line 1 of the file is not valid/);
    await assert.rejects(small.import(Readable.from([Buffer.from('soap\n')]), account), none);
    assert.deepEqual(await redis.keys('*'), []);
  });

  it('from a caller that disconnects is refused as truncated', async () => {
    const cut = async function* () {
      yield Buffer.from('{');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    };
    const gone = refused(400, /line 1 of the file is not valid/);
    await assert.rejects(importer().import(Readable.from(cut()), account), gone);
  });
});
