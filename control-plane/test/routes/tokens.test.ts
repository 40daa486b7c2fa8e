import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { AccessRole, CreatedToken } from '@oversoak/contracts';
import { REPOSITORY } from '@oversoak/testing/repository';
import { assemble, emptyApp } from '../../src/app.ts';
import { TOKENS_KEY } from '../../src/store/names.ts';
import { ApiBench, TOKEN } from '../api-bench.ts';

/** Rows of the table role × route of docs/security.md, as `GET /v1/x reader`. */
function documentedRoles(): string[] {
  const page = readFileSync(`${REPOSITORY}docs/security.md`, 'utf8');
  const rows = page.matchAll(/^\| `([A-Z]+ \/(?:v1\/|metrics)\S*)` \| (\w+) \|$/gm);
  return [...rows].map(([, route, role]) => `${route} ${role}`).sort();
}

describe('the routes of tokens', () => {
  let bench: ApiBench;
  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());

  const create = async (role: AccessRole, name = `the ${role}`): Promise<CreatedToken> => {
    const answer = await bench.call('POST', '/v1/tokens', { payload: { name, role } });
    assert.equal(answer.statusCode, 201, answer.body);
    assert.equal(answer.headers['cache-control'], 'no-store');
    return answer.json();
  };
  const as = ({ token }: CreatedToken) => ({ headers: { authorization: `Bearer ${token}` } });

  it('shows a token once and stores its hash only', async () => {
    const made = await create('reader');
    assert.match(made.token, new RegExp(`^osk_${made.id}_[A-Za-z0-9_-]{43}$`));
    assert.equal((made.expiresAtMs ?? 0) - made.createdAtMs, 90 * 86_400_000);
    const secret = made.token.slice(`osk_${made.id}_`.length);
    const listed = await bench.call('GET', '/v1/tokens');
    const { token: _, ...shown } = made;
    assert.deepEqual(listed.json().tokens, [shown]);
    assert.ok(!listed.body.includes(secret));
    assert.ok(!JSON.stringify(await bench.redis.hgetall(TOKENS_KEY)).includes(secret));
  });

  it('says who the caller is', async () => {
    const { token: _, createdAtMs: __, ...me } = await create('operator');
    const made = await create('operator', 'another');
    assert.deepEqual((await bench.call('GET', '/v1/me', as(made))).json(), {
      ...me,
      id: made.id,
      name: 'another',
      expiresAtMs: made.expiresAtMs,
    });
    const bootstrap = (await bench.call('GET', '/v1/me')).json();
    assert.equal(bootstrap.id, 'bootstrap');
    assert.equal(bootstrap.role, 'admin');
    assert.equal(bootstrap.expiresAtMs, null);
  });

  it('refuses a revoked token, and another secret with a known id', async () => {
    const made = await create('admin');
    const forged = {
      ...made,
      token: `${made.token.slice(0, -1)}${made.token.endsWith('A') ? 'B' : 'A'}`,
    };
    assert.equal((await bench.call('GET', '/v1/me', as(forged))).statusCode, 401);
    assert.equal((await bench.call('GET', '/v1/me', as(made))).statusCode, 200);
    assert.equal((await bench.call('DELETE', `/v1/tokens/${made.id}`)).statusCode, 204);
    assert.equal((await bench.call('GET', '/v1/me', as(made))).statusCode, 401);
    assert.equal((await bench.call('DELETE', `/v1/tokens/${made.id}`)).statusCode, 404);
  });

  it('gives each role what docs/security.md says', async () => {
    const app = emptyApp(false);
    const declared: string[] = [];
    app.addHook('onRoute', ({ method, url, config }) => {
      if (method === 'HEAD' || config?.access === undefined) return;
      declared.push(`${method} ${url} ${config.access}`);
    });
    await assemble(app, { cluster: bench.cluster, token: TOKEN, rateLimitPerMinute: 1000 });
    await app.close();
    assert.deepEqual(declared.sort(), documentedRoles());
    assert.ok(declared.length > 25);

    const tokens = {
      reader: await create('reader'),
      operator: await create('operator'),
      admin: await create('admin'),
    };
    const ranks = Object.keys(tokens);
    for (const line of declared) {
      const [method = '', path = '', needed = ''] = line.split(' ');
      const url = path.replaceAll(/:\w+/g, 'none');
      for (const [role, token] of Object.entries(tokens)) {
        const { statusCode } = await bench.call(method as 'GET', url, as(token));
        const isAllowed = ranks.indexOf(role) >= ranks.indexOf(needed);
        assert.equal(statusCode !== 403, isAllowed, `${role}: ${method} ${url}: ${statusCode}`);
        assert.notEqual(statusCode, 401);
      }
    }
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
