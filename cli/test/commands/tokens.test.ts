import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeApi } from '@oversoak/testing/api/fake-api';
import { runsProgram } from '../runs-program.ts';

const created = {
  id: 'abcdefghij',
  name: 'ci',
  role: 'operator',
  createdAtMs: 0,
  expiresAtMs: 86_400_000,
  token: 'osk_abcdefghij_secret',
};

describe('the tokens commands', () => {
  let api: Awaited<ReturnType<typeof fakeApi>>;
  before(async () => {
    const { token: _, ...listed } = created;
    api = await fakeApi({
      'POST /v1/tokens': () => ({ status: 201, json: created }),
      'GET /v1/tokens': () => ({ json: { tokens: [listed] } }),
      'DELETE /v1/tokens/abcdefghij': () => ({ json: {} }),
    });
  });
  after(() => api.stop());

  it('create prints only the token to standard output', async () => {
    const oversoak = runsProgram(api.url);
    const made = await oversoak(['tokens', 'create', 'ci', '--role', 'operator', '--days', '1']);
    assert.deepEqual([made.code, made.out], [0, 'osk_abcdefghij_secret\n']);
    assert.match(made.err, /role operator until 1970-01-02.*oversoak tokens revoke abcdefghij/);
    const sent = JSON.parse(api.seen.at(-1)?.body ?? '');
    assert.deepEqual(sent, { name: 'ci', role: 'operator', expiresInDays: 1 });
  });

  it('create names the roles and the bounds of the days', async () => {
    const oversoak = runsProgram(api.url);
    assert.match((await oversoak(['tokens', 'create', 'ci'])).err, /--role/);
    const role = await oversoak(['tokens', 'create', 'ci', '--role', 'root']);
    assert.match(role.err, /choices are reader, operator, admin/);
    const days = ['tokens', 'create', 'ci', '--role', 'reader', '--days', '0'];
    assert.match((await oversoak(days)).err, /a whole number from 1 to 3650/);
  });

  it('list and revoke', async () => {
    const oversoak = runsProgram(api.url);
    assert.match((await oversoak(['tokens', 'list'])).out, /abcdefghij +ci +operator/);
    const revoked = await oversoak(['tokens', 'revoke', 'abcd']);
    assert.deepEqual([revoked.code, revoked.out], [0, 'Revoked abcdefghij.\n']);
  });
});
