import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ACCESS_ROLES, type AccessRole, type Caller } from '@oversoak/contracts';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { useAuth } from '../../src/plugins/auth.ts';
import { useProblems } from '../../src/plugins/problems.ts';

const BOOTSTRAP = 'the-bootstrap-token';
const NOW_MS = 1_000_000;

const callers = new Map<string, Caller>([
  ...ACCESS_ROLES.map((role): [string, Caller] => [
    role,
    { id: role, name: `a ${role}`, role, expiresAtMs: NOW_MS + 1 },
  ]),
  ['old', { id: 'old', name: 'last year', role: 'admin', expiresAtMs: NOW_MS }],
]);

async function appOf(access: AccessRole | undefined): Promise<FastifyInstance> {
  const app = Fastify();
  useProblems(app);
  await app.register(async (scope) => {
    const find = async (text: string) => {
      const caller = callers.get(text);
      return caller === undefined ? null : { ...caller, createdAtMs: 0 };
    };
    useAuth(scope, { bootstrapToken: BOOTSTRAP, tokens: { find }, nowMs: async () => NOW_MS });
    const config = access === undefined ? {} : { access };
    scope.get('/x', { config }, async ({ caller }) => caller);
  });
  await app.ready();
  return app;
}

const as = (token: string, more: Partial<InjectOptions> = {}): InjectOptions => ({
  url: '/x',
  headers: { authorization: `Bearer ${token}` },
  ...more,
});

describe('the authentication', () => {
  let app: FastifyInstance;
  before(async () => {
    app = await appOf('operator');
  });
  after(() => app.close());

  it('takes tokens with the role of the route or a higher one', async () => {
    for (const [token, status] of [
      ['reader', 403],
      ['operator', 200],
      ['admin', 200],
      [BOOTSTRAP, 200],
    ] as const) {
      assert.equal((await app.inject(as(token))).statusCode, status, token);
    }
    assert.deepEqual((await app.inject(as('operator'))).json(), callers.get('operator'));
    const lower = await app.inject(as('reader'));
    const says = 'Bearer realm="oversoak", error="insufficient_scope", scope="operator"';
    assert.equal(lower.headers['www-authenticate'], says);
    const refused = lower.json();
    assert.equal(refused.detail, 'the token "a reader" has the role reader; this needs operator');
  });

  it('applies the role to HEAD as well', async () => {
    assert.equal((await app.inject(as('reader', { method: 'HEAD' }))).statusCode, 403);
  });

  it('refuses a token that is unknown or has expired, and none', async () => {
    const old = await app.inject(as('old'));
    assert.equal(old.statusCode, 401);
    assert.match(old.json().detail, /the token "last year" has expired/);
    assert.equal((await app.inject(as('unknown'))).statusCode, 401);
    const none = await app.inject('/x');
    assert.equal(none.statusCode, 401);
    assert.equal(none.headers['www-authenticate'], 'Bearer realm="oversoak"');
    const basic = { url: '/x', headers: { authorization: 'Basic eDp5' } };
    assert.equal((await app.inject(basic)).statusCode, 401);
    assert.match(none.json().detail, /^no token was sent;/);
    assert.match((await app.inject(as('a b'))).json().detail, /^what was sent is no bearer token/);
  });

  it('refuses an address before the check after 20 refused tokens; others go on', async () => {
    const guesser = await appOf('reader');
    const from = { remoteAddress: '192.0.2.1' };
    for (let count = 0; count < 20; count++) {
      assert.equal((await guesser.inject(as(`guess-${count}`, from))).statusCode, 401);
    }
    const limited = await guesser.inject(as('admin', from));
    assert.equal(limited.statusCode, 429);
    assert.ok(Number(limited.headers['retry-after']) > 0);
    assert.equal((await guesser.inject(as('admin'))).statusCode, 200);
    await guesser.close();
  });

  it('counts the guesses of an IPv6 network together, and those of IPv4 addresses apart', async () => {
    const guesser = await appOf('reader');
    const statusFrom = async (remoteAddress: string, token: string) =>
      (await guesser.inject(as(token, { remoteAddress }))).statusCode;
    for (let count = 1; count <= 20; count++) {
      assert.equal(await statusFrom(`2001:db8::${count.toString(16)}`, 'guess'), 401);
      assert.equal(await statusFrom(`::ffff:192.0.2.${count}`, 'guess'), 401);
    }
    assert.equal(await statusFrom('2001:db8::ffff', 'admin'), 429);
    assert.equal(await statusFrom('2001:db8:0:1::1', 'admin'), 200);
    assert.equal(await statusFrom('::ffff:192.0.2.1', 'admin'), 200);
    await guesser.close();
  });

  it('fails at start-up on a route that names no role', async () => {
    await assert.rejects(appOf(undefined), /GET \/x names no role: set config\.access to one of/);
  });
});
