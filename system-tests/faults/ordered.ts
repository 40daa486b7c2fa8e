import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_ORDERS, ORDERS_VARIABLE, type Orders } from './inside/orders.ts';

/** What runs inside the processes under test. */
export const INSIDE = fileURLToPath(new URL('./inside', import.meta.url));

/** The settings of a process, and of those that it starts, with which it takes orders from a file. */
export function ordered(file: string): NodeJS.ProcessEnv {
  return { [ORDERS_VARIABLE]: file, NODE_OPTIONS: `--import=${join(INSIDE, 'preload.js')}` };
}

export async function writeOrders(file: string, orders: Partial<Orders>): Promise<void> {
  // Whole or not there: its readers look at any moment.
  await writeFile(`${file}.part`, JSON.stringify({ ...NO_ORDERS, ...orders }));
  await rename(`${file}.part`, file);
}
