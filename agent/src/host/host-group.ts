/**
 * A host leads a process group of its own, with which all ends that a plug-in has forked. Ctrl-C in
 * the agent's console does not reach it. Windows has no such groups: there Node.js has its children
 * in a job that ends with it, and gives a detached one a console of its own.
 */
export const LEADS_GROUP = process.platform !== 'win32';

/** Ends every process of a host's group. Returns false when none was left. */
export function killGroup(leaderPid: number): boolean {
  try {
    return process.kill(-leaderPid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Ends this process and its group; does nothing in a process that does not lead one. */
export function killOwnGroup(): void {
  if (LEADS_GROUP) killGroup(process.pid);
}
