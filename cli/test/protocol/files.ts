import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { runsProgram } from '../runs-program.ts';

const oversoak = runsProgram('');

/** A description in a file that goes with the test. */
export async function protocolFile(t: TestContext, content: object | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-protocol-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'protocol.yaml');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** What `oversoak protocol try` says of a description. */
export async function tryProtocol(
  t: TestContext,
  content: object,
  target: string,
  ...options: string[]
): Promise<{ code: number; out: string; err: string }> {
  const path = await protocolFile(t, content);
  return oversoak(['protocol', 'try', path, '--target', target, ...options]);
}
