import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 60_000;

/** What a server has written to its port file, once it has. */
export async function readPort(file: string): Promise<number> {
  const end = performance.now() + START_MS;
  while (performance.now() < end) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    if (text.endsWith('\n')) return Number(text);
    await delay(50);
  }
  throw new Error(`no port in ${file} within ${START_MS} ms`);
}
