import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PATTERN_TEXTS } from '@oversoak/contracts';
import { REPOSITORY } from '@oversoak/testing/repository';

const document = JSON.parse(readFileSync(`${REPOSITORY}docs/reference/openapi.json`, 'utf8'));

/** Every pattern in a part of the document, and in what it refers to. */
function patternsIn(part: unknown, seen: Set<string>): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const { $ref, pattern } = part as Record<string, unknown>;
  const own = typeof pattern === 'string' ? [pattern] : [];
  const referred =
    typeof $ref === 'string' && !seen.has($ref) ? patternsIn(referredTo($ref, seen), seen) : [];
  const inner = Object.values(part).flatMap((each) => patternsIn(each, seen));
  return [...own, ...referred, ...inner];
}

function referredTo($ref: string, seen: Set<string>): unknown {
  seen.add($ref);
  const names = $ref.split('/').slice(1);
  return names.reduce((at, name) => (at as Record<string, unknown>)[name] as object, document);
}

test('what breaks a pattern of a request is told in words, not as the pattern', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path as object));
  const patterns = operations.flatMap(({ parameters, requestBody }) =>
    patternsIn([parameters, requestBody], new Set()),
  );
  assert.ok(patterns.length > 10);
  const wordless = patterns.filter((pattern) => PATTERN_TEXTS[pattern] === undefined);
  assert.deepEqual([...new Set(wordless)], []);
});
