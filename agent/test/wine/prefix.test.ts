import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPrefix, stopPrefix, windowsToolchain, wineNode } from '../../src/wine/index.ts';

const { prefixTemplate, prefixesDir } = windowsToolchain();

test('two private prefixes run side by side and leave nothing behind', async () => {
  await mkdir(prefixesDir, { recursive: true });
  const folder = await mkdtemp(join(prefixesDir, 'test-'));
  const prefixes = [join(folder, 'a'), join(folder, 'b')];
  const before = await listing(prefixTemplate);
  try {
    await Promise.all(prefixes.map((prefix) => createPrefix(prefixTemplate, prefix)));
    const answers = await Promise.all(prefixes.map((prefix) => evaluate(prefix, '1+1')));
    assert.deepEqual(answers, ['2', '2']);
    assert.equal((await processesOf(folder)).length > 0, true, 'the wineservers still run');
  } finally {
    await Promise.all(prefixes.map(stopPrefix));
  }
  assert.deepEqual(await readdir(folder), []);
  assert.deepEqual(await processesOf(folder), []);
  assert.deepEqual(await listing(prefixTemplate), before);
  await rm(folder, { recursive: true });
});

test('a folder that is not empty does not become a prefix', async () => {
  await assert.rejects(createPrefix(prefixTemplate, prefixTemplate), /is not empty/);
});

test('stopping a prefix that was never created does nothing', async () => {
  await stopPrefix(join(prefixesDir, 'no-such-prefix'));
});

async function evaluate(prefixDir: string, expression: string): Promise<string> {
  const { command, args, env } = wineNode({ prefixDir });
  const output = await open(join(prefixDir, 'output'), 'a+');
  const stdio = ['ignore', output.fd, output.fd] as const;
  const child = spawn(command, [...args, '-p', expression], { env, stdio: [...stdio] });
  const [code] = await once(child, 'exit');
  await output.close();
  const text = await readFile(join(prefixDir, 'output'), 'utf8');
  assert.equal(code, 0, text);
  return text.trim();
}

/** Size and time of last change of every file under `dir`. Link counts change and do not matter. */
async function listing(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const lines = files.map(async ({ parentPath, name }) => {
    const { size, mtimeMs } = await stat(join(parentPath, name));
    return `${join(parentPath, name)} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(lines)).sort();
}

/** Processes whose WINEPREFIX lies under `folder`. One that ended has no environment. */
async function processesOf(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '');
      return environment.includes(`WINEPREFIX=${folder}/`) ? [id] : [];
    }),
  );
  return found.flat();
}
