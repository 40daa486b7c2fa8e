import { fileURLToPath } from 'node:url';
import { siblingModule } from '../repository.ts';

export { forkInProcess } from './in-process-host.ts';

/** The dry engine as a value of OVERSOAK_ENGINE. */
export const DRY_ENGINE = fileURLToPath(siblingModule(import.meta.url, 'engine'));
