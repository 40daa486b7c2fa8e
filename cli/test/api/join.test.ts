// A machine that joins over TLS and knows nothing of the cluster but the link.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { agentsAuthority, authorityHash, type JoinToken, joinLink } from '@oversoak/contracts';
import { assemble, emptyApp } from '@oversoak/control-plane/app';
import { startCluster } from '@oversoak/control-plane/cluster';
import type { Cluster } from '@oversoak/control-plane/routes/cluster';
import { TOKEN } from '@oversoak/testing/api/fake-api';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { FastifyInstance } from 'fastify';
import { join, readJoinLink } from '../../src/api/join.ts';
import { makeServerCertificate } from '../../src/certs/certificate.ts';
import { CERTIFICATE_FILES, ensureCertificates } from '../../src/certs/certificate-folder.ts';

/** An authority with its server's certificate, as PEM. */
interface Certificates {
  ca: string;
  caKey: string;
  cert: string;
  key: string;
}

describe('joining over TLS', () => {
  let folder: string;
  let server: RedisServer;
  let cluster: Cluster;
  let own: Certificates;
  let other: Certificates;
  const apps: FastifyInstance[] = [];

  async function certificates(name: string): Promise<Certificates> {
    const place = joinPath(folder, name);
    await ensureCertificates(place, { hosts: ['127.0.0.1'], nowMs: Date.now() });
    const text = (file: string) => readFile(joinPath(place, file), 'utf8');
    const { authority, server } = CERTIFICATE_FILES;
    return {
      ...{ ca: await text(authority.cert), caKey: await text(authority.key) },
      ...{ cert: await text(server.cert), key: await text(server.key) },
    };
  }

  /** The URL of an API with this certificate, which shows this authority. */
  async function served(
    { cert, key }: Pick<Certificates, 'cert' | 'key'>,
    shown: string,
  ): Promise<string> {
    const app = emptyApp(false, { cert: `${cert}\n${shown}`, key });
    apps.push(app);
    await assemble(app, { cluster, token: TOKEN, rateLimitPerMinute: 10_000 });
    return await app.listen({ host: '127.0.0.1', port: 0 });
  }

  before(async () => {
    folder = await mkdtemp(joinPath(tmpdir(), 'oversoak-join-'));
    server = await RedisServer.start();
    [own, other] = [await certificates('own'), await certificates('other')];
    const agentsAuthority = { certificate: new X509Certificate(own.ca), signedApi: true };
    cluster = await startCluster({ redisUrl: server.url, log: silentLog, agentsAuthority });
  });
  after(async () => {
    for (const app of apps) await app.close();
    await cluster.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function enrolled(agentId: string): Promise<JoinToken> {
    const made = await cluster.enrolling.enrol({
      ...{ agentId, address: '127.0.0.1', labels: {}, targets: [] },
    });
    assert.ok('token' in made);
    return made;
  }
  const joinAt = (url: string, secret: JoinToken) => join(readJoinLink(joinLink(url, secret)));

  it('needs the link alone, and the identity has the authority', async () => {
    const made = await enrolled('one');
    assert.equal(made.authority, authorityHash(new X509Certificate(own.ca)));
    const identity = await joinAt(await served(own, own.ca), made);
    assert.equal(identity.agentId, 'one');
    assert.equal(new X509Certificate(identity.ca ?? '').fingerprint256, fingerprint(own.ca));
  });

  it('is by name where the authority signed the certificate of the API, and only there', () => {
    const signed = (api: Certificates | undefined) =>
      agentsAuthority({ OVERSOAK_AGENTS_CA: 'own' }, () => own.ca, api)?.signedApi;
    assert.deepEqual([own, other, undefined].map(signed), [true, false, false]);
  });

  it('sends its token to no server of another authority, whatever that one shows', async () => {
    const made = await enrolled('two');
    const forged = await makeServerCertificate(
      { cert: own.ca, key: other.caKey },
      ['127.0.0.1'],
      Date.now(),
    );
    const unknown =
      /no certificate of the authority that the link names: .* Nothing was sent to it\.$/;
    for (const [certificate, shown, message] of [
      [other, '', unknown],
      [other, other.ca, unknown],
      [other, own.ca, unknown],
      [{ ...own, ...forged }, own.ca, /cannot reach the API at .*signature/],
    ] as const) {
      await assert.rejects(joinAt(await served(certificate, shown), made), message);
    }
    // Neither does one that trusts whom Node.js knows.
    const url = await served(own, own.ca);
    const { authority: _, ...unnamed } = made;
    await assert.rejects(joinAt(url, unnamed), /cannot reach the API at .*certificate/);
    assert.equal((await joinAt(url, made)).agentId, 'two', 'the link was not used up');
  });
});

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;
