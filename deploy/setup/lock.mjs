// Allows one set-up at a time per checkout. The kernel holds the lock for the life of this process,
// so a killed set-up leaves no stale lock.
import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './command.mjs';
import { cache, state } from './paths.mjs';

/** Linux only: flock(1) locks the open file that it shares with this process. */
export function lockSetup(say) {
  const fd = openLock();
  const flock = (...options) =>
    spawnSync('flock', [...options, '3'], { stdio: ['ignore', 'inherit', 'inherit', fd] });
  const first = flock('--nonblock');
  if (first.error) throw new SetupError(`could not run flock (util-linux): ${first.error.message}`);
  if (first.status === 0) return;
  say('waiting for another set-up of this checkout');
  if (flock().status !== 0) throw new SetupError('could not lock .oversoak/setup.lock');
}

function openLock() {
  try {
    mkdirSync(state, { recursive: true });
    return openSync(join(state, 'setup.lock'), 'w');
  } catch (error) {
    const hint = state.startsWith(cache) ? '; set XDG_CACHE_HOME to another folder' : '';
    throw new SetupError(`cannot write ${state}: ${error.message}${hint}`);
  }
}
