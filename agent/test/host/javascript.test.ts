import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { HOST_FLAGS } from '../../src/host/javascript.ts';

it('a shrunk engine has no free pages that it would give back later', () => {
  // Source or compiled, as this file.
  const name = `../../src/host/javascript.${import.meta.url.slice(-2)}`;
  const javascript = new URL(name, import.meta.url);
  const script = `
    import { getHeapStatistics } from 'node:v8';
    const { v8 } = await import(${JSON.stringify(javascript.href)});
    let made = Array.from({ length: 300_000 }, (_, index) => ({ index, text: 's' + index }));
    made = undefined;
    const live = v8().shrink();
    process.stdout.write(String(getHeapStatistics().total_heap_size - live));`;
  const args = [...process.execArgv, ...HOST_FLAGS, '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.ok(Number(stdout) > 0 && Number(stdout) < 5e6, `${stdout} bytes are free. ${stderr}`);
});
