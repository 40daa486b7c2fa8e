import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import {
  AGENT_RIGHTS,
  aclRules,
  isAgentUser,
  KEYLESS_COMMANDS,
  SCRIPT_COMMANDS,
  userOf,
} from '../../src/model/agent-rights.ts';

const page = readFileSync(`${REPOSITORY}docs/security.md`, 'utf8');

test('docs/security.md has the table agent × key of the code', () => {
  const rows = page.matchAll(/^\| `(oversoak\S*ID\S*)` \| ([^|]+) \| ([^|]+) \|$/gm);
  assert.deepEqual(
    [...rows].map(([, keys, commands, purpose]) => [keys, commands, purpose]),
    AGENT_RIGHTS.map(({ keys, commands, purpose }) => [keys('ID'), commands.join(', '), purpose]),
  );
  assert.ok(page.includes(`And without a key: ${KEYLESS_COMMANDS.join(', ')}.`));
  assert.ok(page.includes(`BullMQ and the lease need ${SCRIPT_COMMANDS.join(', ')}.`));
});

test('every right is about keys of this agent alone', () => {
  for (const { keys } of AGENT_RIGHTS) {
    // What stands before a wildcard ends with the id and a colon, so "a" is no beginning of "a-b".
    assert.match(keys('win-1'), /^(oversoak:agent:win-1:[a-z-]+|oversoak-bull:agent-win-1:\*)$/);
  }
});

test('the rules begin with nothing, and open no key or command beside the table', () => {
  const rules = aclRules('win-1', 'f'.repeat(64), 2);
  assert.deepEqual(rules.slice(0, 3), ['reset', 'on', `#${'f'.repeat(64)}`]);
  assert.deepEqual(
    rules.filter((rule) => rule.includes('select')),
    ['+select|2'],
  );
  assert.ok(!rules.join(' ').match(/@|allkeys|allcommands|allchannels|nopass|~\*|%/));
});

test('the user of an identity is that of no other', () => {
  assert.equal(userOf({ agentId: 'win-1', generation: 2 }), 'oversoak-agent-win-1.2');
  assert.ok(isAgentUser('oversoak-agent-win-1.2'));
  for (const user of [
    'oversoak',
    'default',
    'oversoak-agent-',
    'oversoak-agent-win-1',
    'win-1.2',
  ]) {
    assert.ok(!isAgentUser(user), user);
  }
});
