import assert from 'node:assert/strict';
import { ledgerBalances } from '@oversoak/contracts';
import type { SoakFigures } from './soak.ts';

/** Holds whatever went wrong in a soak that has ended: nothing is lost without a trace. */
export function assertEveryEchoAccountedFor({ fleet, server }: SoakFigures): void {
  const context = JSON.stringify({ fleet: fleet.ledger, errors: fleet.errors, server });
  assert.ok(ledgerBalances(fleet.ledger), context);
  assert.equal(fleet.sessions.live, 0, context);
  assert.equal(server.sessions.accepted, fleet.sessions.connects, context);
  assert.equal(server.sessions.closed, server.sessions.accepted, context);
  const { accepted } = server.sessions;
  assert.deepEqual(server.players, { joins: accepted, leaves: accepted, live: 0 }, context);
  const { wrongOwner, outOfTurn, playersUnbalanced } = server.errors;
  assert.deepEqual([wrongOwner, outOfTurn, playersUnbalanced], [0, 0, 0], context);
}

/** A soak in which nothing went wrong. */
export function assertFlawless(figures: SoakFigures): void {
  assertEveryEchoAccountedFor(figures);
  const { fleet, server } = figures;
  const context = JSON.stringify({ fleet: fleet.errors, server: server.errors });
  for (const errors of [fleet.errors, server.errors]) {
    for (const count of Object.values(errors)) assert.equal(count, 0, context);
  }
  assert.equal(fleet.ledger.echoed, fleet.ledger.sent);
  assert.equal(server.frames.received, fleet.ledger.sent);
  assert.equal(server.frames.echoed, fleet.ledger.sent);
  assert.equal(server.bytes.received, fleet.bytes.sent);
  assert.equal(server.frames.discarded, 0);
  assert.equal(server.bytes.sent, fleet.bytes.received);
}
