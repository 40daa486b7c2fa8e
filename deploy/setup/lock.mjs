// Allows one set-up at a time per checkout. The kernel holds the lock for the life of this process,
// so a killed set-up leaves no stale lock.
import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './command.mjs';
import { state } from './paths.mjs';

/** Linux only: flock(1) locks the open file that it shares with this process. */
export function lockSetup(say) {
  mkdirSync(state, { recursive: true });
  const fd = openSync(join(state, 'setup.lock'), 'w');
  const flock = (...options) =>
    spawnSync('flock', [...options, '3'], { stdio: ['ignore', 'inherit', 'inherit', fd] });
  const first = flock('--nonblock');
  if (first.error) throw new SetupError(`could not run flock (util-linux): ${first.error.message}`);
  if (first.status === 0) return;
  say('waiting for another set-up of this checkout');
  if (flock().status !== 0) throw new SetupError('could not lock .oversoak/setup.lock');
}
