import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ACCESS_ROLES, includesRole } from '../../src/identity/access.ts';

it('a role includes itself and those before it', () => {
  const allowed = ACCESS_ROLES.map((held) =>
    ACCESS_ROLES.filter((needed) => includesRole(held, needed)),
  );
  assert.deepEqual(allowed, [['reader'], ['reader', 'operator'], ['reader', 'operator', 'admin']]);
});
