import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { cliMarkdown } from '../../src/docs/cli-markdown.ts';

test('docs/reference/cli.md is what the commands declare; "npm run docs" writes it', async () => {
  const text = await cliMarkdown();
  assert.equal(readFileSync(`${REPOSITORY}docs/reference/cli.md`, 'utf8'), text);
  // Subcommands, arguments and choices are in it.
  for (const part of ['## oversoak schedules put', '| `--role <role>` |', '(choices: ']) {
    assert.ok(text.toLowerCase().includes(part.toLowerCase()), part);
  }
});
