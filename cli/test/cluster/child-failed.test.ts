import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ChildFailed, withKeptLog, withLog } from '../../src/cluster/child-failed.ts';
import { CannotRun } from '../../src/shell/failure.ts';

test('the log of a failure outlives the folder of its cluster, and is named', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-child-failed-'));
  const logFile = join(folder, 'agent.log');
  const error = new ChildFailed('agent-a ended', logFile);
  await writeFile(logFile, '');
  assert.equal(await withKeptLog(error), error, 'nothing is to be read in it');
  await writeFile(logFile, 'all of it');
  assert.equal(withLog(error), `agent-a ended\nIts log: ${logFile}`);
  const kept = await withKeptLog(error);
  await rm(folder, { recursive: true });
  // Only then it is a problem that the user can mend, with exit code 2.
  assert.ok(kept instanceof CannotRun);
  const [, file = ''] = /^agent-a ended\nIts log is kept: (.*agent\.log)$/.exec(kept.message) ?? [];
  t.after(() => rm(dirname(file), { recursive: true }));
  assert.equal(await readFile(file, 'utf8'), 'all of it');
  const gone = await withKeptLog(error);
  assert.match(String(gone), /agent-a ended\nIts log could not be kept: ENOENT/);
});

test('another failure stays as it is', async () => {
  const error = new Error('defect');
  assert.equal(await withKeptLog(error), error);
  assert.equal(withLog(error), 'defect');
});
