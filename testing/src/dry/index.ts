import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export { forkInProcess } from './in-process-host.ts';

/** The dry engine as a value of OVERSOAK_ENGINE. */
export const DRY_ENGINE = fileURLToPath(
  new URL(`engine${extname(import.meta.url)}`, import.meta.url),
);
