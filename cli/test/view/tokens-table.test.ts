import assert from 'node:assert/strict';
import { it } from 'node:test';
import colors from 'picocolors';
import { tokensTable } from '../../src/view/tokens-table.ts';

const DAY_MS = 86_400_000;

it('lists tokens with when they expire, or expired', () => {
  const token = { id: 'abcdefghij', role: 'reader', createdAtMs: 0 } as const;
  const tokens = [
    { ...token, name: 'ci', expiresAtMs: 90 * DAY_MS },
    { ...token, name: 'old', expiresAtMs: DAY_MS },
  ];
  const lines = tokensTable(tokens, 2 * DAY_MS, colors.createColors(false))
    .split('\n')
    .filter((line) => !line.startsWith('─'));
  assert.match(lines[0] ?? '', /id +name +role +created +expires/);
  assert.match(lines[1] ?? '', /abcdefghij +ci +reader +1970-01-01 +1970-04-01/);
  assert.match(lines[2] ?? '', /old +reader +1970-01-01 +expired 1970-01-02/);
  assert.match(tokensTable([], 0, colors.createColors(false)), /oversoak tokens create/);
});
