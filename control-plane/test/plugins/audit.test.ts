import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { auditedAs, useAudit } from '../../src/plugins/audit.ts';

const audit = { note: async () => undefined, noteRefused: async () => undefined };

test('what changed nothing is no change', () => {
  const [CHANGES, READS, KNOWN, UNKNOWN] = [true, false, true, false];
  for (const [changes, isKnown, status, kind] of [
    [CHANGES, KNOWN, 201, 'change'],
    // Nobody knows how far it came.
    [CHANGES, KNOWN, 500, 'change'],
    [CHANGES, KNOWN, 400, 'refusal'],
    [CHANGES, KNOWN, 409, 'refusal'],
    // Before it was asked who sends it.
    [CHANGES, UNKNOWN, 503, 'refusal'],
    [READS, KNOWN, 200, null],
    [READS, KNOWN, 400, null],
    [READS, UNKNOWN, 401, 'refusal'],
    [READS, KNOWN, 429, 'refusal'],
  ] as const) {
    assert.equal(auditedAs(changes, isKnown, status), kind, `${changes} ${isKnown} ${status}`);
  }
});

test('a route that does not say whether it changes something is none', async () => {
  const app = Fastify();
  useAudit(app, audit);
  const handler = async () => 'x';
  app.get('/reads', handler);
  app.post('/plans', { config: { changes: false } }, handler);
  assert.throws(() => app.post('/new', handler), /POST \/new does not say .*: set config\.changes/);
  await app.close();
});
